<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout; section>
<#if section == "header">${msg("webauthn-login-title")}
<#elseif section == "form">
<p class="lead">${msg("rtKeyLead")}</p>
<form id="webauthn" action="${url.loginAction}" method="post" data-does="get" data-challenge="${challenge}" data-rp-id="${rpId}" data-user-verification="${userVerification}" data-timeout="${createTimeout?c}" data-unsupported="${msg("webauthn-unsupported-browser-text")}"<#if isUserIdentified == "true" && authenticators??> data-credentials="<#list authenticators.authenticators as one>${one.credentialId}<#sep> </#list>"</#if>>
<#list ["clientDataJSON", "authenticatorData", "signature", "credentialId", "userHandle", "error"] as name>
<input type="hidden" name="${name}">
</#list>
<noscript><p class="govuk-error-message">${msg("rtKeyNeedsScript")}</p></noscript>
<@forms.button text=msg("webauthn-doAuthenticate") id="webauthn-start"/>
</form>
<script type="module" src="${url.resourcesPath}/js/webauthn.js?${properties.digest}"></script>
<@forms.stuck question=msg("rtKeyLost") answer=msg("rtKeyLostAnswer")/>
</#if>
</@layout.registrationLayout>
