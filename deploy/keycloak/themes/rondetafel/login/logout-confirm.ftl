<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout; section>
<#if section == "header">${msg("logoutConfirmTitle")}
<#elseif section == "form">
<p class="lead">${msg("logoutConfirmHeader")}</p>
<form action="${url.logoutConfirmAction}" method="post">
<input type="hidden" name="session_code" value="${logoutConfirm.code}">
<div class="govuk-button-group"><@forms.button text=msg("doLogout") name="confirmLogout" value="on"/>
<#if !logoutConfirm.skipLink && (client.baseUrl)?has_content><a href="${client.baseUrl}">${msg("rtStay")}</a></#if></div>
</form>
</#if>
</@layout.registrationLayout>
