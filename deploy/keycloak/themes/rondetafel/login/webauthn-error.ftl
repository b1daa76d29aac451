<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">${msg("webauthn-error-title")}
<#elseif section == "form">
<p class="lead" role="alert">${message.summary} ${msg("rtKeyFailedLead")}</p>
<form action="${url.loginAction}" method="post">
<input type="hidden" name="authenticationExecution" value="${execution}">
<div class="govuk-button-group"><@forms.button text=msg("doTryAgain") name="isSetRetry" value="retry"/><@forms.cancel/></div>
</form>
<@forms.stuck question=msg("rtKeyLost") answer=msg("rtKeyLostAnswer")/>
</#if>
</@layout.registrationLayout>
