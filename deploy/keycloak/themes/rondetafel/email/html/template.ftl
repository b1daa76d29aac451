<#-- The same face as the pages, in the way e-mail programs understand: no stylesheet, no picture, nothing fetched. -->
<#macro emailLayout>
<!doctype html>
<html lang="${locale.language}" dir="${(ltr)?then("ltr", "rtl")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${msg("rtProduct")}</title>
</head>
<body style="margin: 0; background: ${properties.paper}; color: ${properties.ink}; font: 17px/26px 'Segoe UI', Roboto, Arial, sans-serif">
<div style="border-top: 4px solid ${properties.accent}; border-bottom: 1px solid ${properties.line}; background: ${properties.surface}; padding: 16px 24px; font-size: 18px; font-weight: bold">${msg("rtProduct")}</div>
<div style="max-width: 600px; padding: 24px">
<#nested>
</div>
<div style="border-top: 1px solid ${properties.line}; padding: 16px 24px; font-size: 15px; line-height: 22px; color: ${properties.ink_soft}">
<p style="margin: 0 0 8px"><strong>${msg("rtDanger")}</strong></p>
<p style="margin: 0">${msg("rtNoContent")}</p>
</div>
</body>
</html>
</#macro>
