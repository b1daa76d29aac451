<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=!messagesPerField.existsError("totp", "userLabel"); section>
<#if section == "header">${msg("loginTotpTitle")}
<#elseif section == "form">
<p class="lead">${msg("rtTotpLead")}</p>
<@forms.summary {"totp": forms.errorOf("totp"), "userLabel": forms.errorOf("userLabel")}/>
<form action="${url.loginAction}" method="post" novalidate>
<ol class="signin-steps">
<li><h2>${msg("rtTotpApp")}</h2>
<p>${msg("rtTotpAppWhich")}</p></li>
<li><h2>${msg("rtTotpScan")}</h2>
<div class="signin-code">
<img src="data:image/png;base64,${totp.totpSecretQrCode}" alt="${msg("rtTotpPicture")}" width="200" height="200">
<div>
<p id="totp-key">${msg("rtTotpKey")}</p>
<p class="signin-key"><code id="kc-totp-secret-key" aria-describedby="totp-key">${totp.totpSecretEncoded}</code></p>
<p class="small soft">${msg("rtTotpKeyKind", totp.policy.digits, totp.policy.period)}</p>
</div>
</div></li>
<li><h2>${msg("rtTotpProve")}</h2>
<@forms.field name="totp" label=msg("authenticatorCode") error=forms.errorOf("totp") autocomplete="one-time-code" inputmode="numeric"/>
<@forms.field name="userLabel" label=(totp.otpCredentials?size gte 1)?then(msg("rtTotpNameNeeded"), msg("loginTotpDeviceName")) hint=msg("rtTotpNameHint") error=forms.errorOf("userLabel")/></li>
</ol>
<input type="hidden" name="totpSecret" value="${totp.totpSecret}">
<div class="govuk-button-group"><@forms.button msg("rtTotpDone")/><@forms.cancel/></div>
</form>
<@forms.stuck question=msg("rtTotpWhy") answer=msg("rtTotpWhyAnswer")/>
</#if>
</@layout.registrationLayout>
