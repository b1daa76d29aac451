<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">${msg("errorTitle")}
<#elseif section == "form">
<p class="lead" role="alert">${message.summary}</p>
<p>${msg("rtErrorNext")}</p>
<@forms.back/>
<#if traceId??><p class="small soft">${msg("traceIdSupportMessage", traceId)}</p></#if>
</#if>
</@layout.registrationLayout>
