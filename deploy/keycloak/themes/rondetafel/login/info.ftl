<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header"><#if messageHeader??>${msg(messageHeader)}<#elseif requiredActions??>${msg("rtActionsTitle")}<#else>${message.summary}</#if>
<#elseif section == "form">
<#if messageHeader?? || requiredActions??><p class="lead">${message.summary}</p></#if>
<#if requiredActions??>
<ol class="points">
<#list requiredActions as one><li>${msg("requiredAction." + one)}</li></#list>
</ol>
</#if>
<#if !skipLink??>
<#if pageRedirectUri?has_content><p><a class="govuk-button" href="${pageRedirectUri}">${msg("backToApplication")}</a></p>
<#elseif actionUri?has_content><p><a class="govuk-button" href="${actionUri}">${msg("proceedWithAction")}</a></p>
<#else><@forms.back/>
</#if>
</#if>
</#if>
</@layout.registrationLayout>
