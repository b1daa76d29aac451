<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<#-- Who gave no name sees what it is. -->
<#assign label = {"otp": msg("otp-display-name"), "webauthn": msg("webauthn-display-name")}[credentialLabel]!credentialLabel>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">${msg("deleteCredentialTitle", label)}
<#elseif section == "form">
<p class="lead">${msg("deleteCredentialMessage", label)}</p>
<form action="${url.loginAction}" method="post">
<div class="govuk-button-group"><@forms.button text=msg("doConfirmDelete") name="accept" value="on"/><@forms.button text=msg("doCancel") name="cancel-aia" value="true" secondary=true/></div>
</form>
</#if>
</@layout.registrationLayout>
