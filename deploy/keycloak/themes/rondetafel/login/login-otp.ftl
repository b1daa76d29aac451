<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">${msg("rtCodeTitle")}
<#elseif section == "form">
<p class="lead">${msg("rtCodeLead")}</p>
<#assign error = forms.errorOf("totp", true)>
<@forms.summary {"otp": error}/>
<form action="${url.loginAction}" method="post" novalidate>
<#if otpLogin.userOtpCredentials?size gt 1>
<fieldset class="govuk-fieldset govuk-form-group"><legend class="govuk-fieldset__legend">${msg("rtWhichDevice")}</legend>
<div class="govuk-radios">
<#list otpLogin.userOtpCredentials as one>
<div class="govuk-radios__item"><input class="govuk-radios__input" type="radio" id="device-${one?index}" name="selectedCredentialId" value="${one.id}"<#if one.id == otpLogin.selectedCredentialId> checked</#if>><label class="govuk-label govuk-radios__label" for="device-${one?index}">${one.userLabel?has_content?then(one.userLabel, msg("rtUnnamedDevice", one?counter))}</label></div>
</#list>
</div></fieldset>
</#if>
<@forms.field name="otp" label=msg("loginOtpOneTime") error=error autocomplete="one-time-code" inputmode="numeric" focus=true/>
<@forms.button msg("doLogIn")/>
</form>
<@forms.stuck question=msg("rtPhoneLost") answer=msg("rtPhoneLostAnswer")/>
</#if>
</@layout.registrationLayout>
