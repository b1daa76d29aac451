<#ftl output_format="plainText">
${msg("rtActionsTitle")}

${msg("rtActionsLead")}

<#list requiredActions![] as one>
- ${msg("requiredAction." + one)}
</#list>

${msg("rtActionsBegin")}:
${link}

${msg("rtActionsUntil", linkExpirationFormatter(linkExpiration))}

${msg("rtActionsUnexpected")}

--
${msg("rtDanger")}
${msg("rtNoContent")}
