<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">${msg("errorTitle")}
<#elseif section == "form">
<#-- A wrong password is told at its form. Here Keycloak says so when the pushed request has run out or was used. -->
<p class="lead" role="alert"><#if message.summary == msg("invalidUserMessage")>${msg("rtRanOut")}<#else>${message.summary}</#if></p>
<p>${msg("rtErrorNext")}</p>
<@forms.back/>
<#if traceId??><p class="small soft">${msg("traceIdSupportMessage", traceId)}</p></#if>
</#if>
</@layout.registrationLayout>
