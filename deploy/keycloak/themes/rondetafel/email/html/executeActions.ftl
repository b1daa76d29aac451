<#import "template.ftl" as layout>
<@layout.emailLayout>
<h1 style="margin: 0 0 16px; font-size: 28px; line-height: 34px">${msg("rtActionsTitle")}</h1>
<p>${msg("rtActionsLead")}</p>
<ul>
<#list requiredActions![] as one><li>${msg("requiredAction." + one)}</li></#list>
</ul>
<p style="margin: 24px 0"><a href="${link}" style="display: inline-block; padding: 10px 18px; border-radius: 6px; background: ${properties.accent}; color: ${properties.accent_ink}; font-weight: bold; text-decoration: none">${msg("rtActionsBegin")}</a></p>
<p>${msg("rtActionsUntil", linkExpirationFormatter(linkExpiration))}</p>
<p>${msg("rtActionsUnexpected")}</p>
</@layout.emailLayout>
