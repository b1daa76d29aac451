<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout; section>
<#if section == "header">${msg("webauthn-registration-title")}
<#elseif section == "form">
<p class="lead">${msg("rtKeyAddLead")}</p>
<form id="webauthn" action="${url.loginAction}" method="post" data-does="create" data-challenge="${challenge}" data-rp-id="${rpId}" data-rp-name="${rpEntityName}" data-user-id="${userid}" data-user-name="${username}" data-algorithms="${signatureAlgorithms?join(" ")}" data-attestation="${attestationConveyancePreference}" data-attachment="${authenticatorAttachment}" data-resident-key="${residentKey}" data-user-verification="${userVerificationRequirement}" data-timeout="${createTimeout?c}" data-credentials="${excludeCredentialIds?replace(",", " ")}" data-unsupported="${msg("webauthn-unsupported-browser-text")}">
<#list ["clientDataJSON", "attestationObject", "publicKeyCredentialId", "transports", "authenticatorAttachment", "error"] as name>
<input type="hidden" name="${name}">
</#list>
<@forms.field name="authenticatorLabel" label=msg("rtKeyName") hint=msg("rtKeyNameHint") value=msg("webauthn-registration-init-label")/>
<noscript><p class="govuk-error-message">${msg("rtKeyNeedsScript")}</p></noscript>
<div class="govuk-button-group"><@forms.button text=msg("doRegisterSecurityKey") id="webauthn-start"/><#if !isSetRetry?has_content><@forms.cancel/></#if></div>
</form>
<script type="module" src="${url.resourcesPath}/js/webauthn.js?${properties.digest}"></script>
</#if>
</@layout.registrationLayout>
