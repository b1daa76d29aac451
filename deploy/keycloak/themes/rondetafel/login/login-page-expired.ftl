<#import "template.ftl" as layout>
<@layout.registrationLayout; section>
<#if section == "header">${msg("pageExpiredTitle")}
<#elseif section == "form">
<p class="lead">${msg("pageExpiredMsg1")}</p>
<div class="govuk-button-group"><a class="govuk-button" href="${url.loginRestartFlowUrl}">${msg("rtStartAgain")}</a> <a href="${url.loginAction}">${msg("pageExpiredMsg2")}</a></div>
</#if>
</@layout.registrationLayout>
