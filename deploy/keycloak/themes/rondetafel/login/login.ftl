<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<#import "providers.ftl" as providers>
<#-- Only who typed the right password would learn that an account is switched off, and so that it was right. -->
<#assign off = message?has_content && message.summary == msg("accountDisabledMessage")>
<@layout.registrationLayout displayMessage=!off && !messagesPerField.existsError("username", "password"); section>
<#if section == "header">${msg("loginAccountTitle")}
<#elseif section == "form">
<#-- Keycloak says of the address and the password together that they are wrong: which of them, nobody learns. -->
<#assign error = forms.errorOf("username")?has_content?then(forms.errorOf("username"), forms.errorOf("password"))>
<#if off><#assign error = msg("invalidUserMessage")></#if>
<@forms.summary {"password": error}/>
<form action="${url.loginAction}" method="post" novalidate>
<#-- The same form whether Keycloak has fixed the name or only takes it from here. -->
<#assign who = (usernameHidden??)?then((auth.attemptedUsername)!"", (login.username)!"")>
<#if who?has_content>
<input type="text" name="username" value="${who}" autocomplete="username" readonly hidden>
<#else>
<@forms.field name="username" label=msg("email") autocomplete="username" inputmode="email" focus=true/>
</#if>
<@forms.field name="password" label=msg("password") type="password" error=error autocomplete="current-password" focus=who?has_content/>
<input type="hidden" name="credentialId" value="${(auth.selectedCredential)!""}">
<@forms.button msg("doLogIn")/>
</form>
<@forms.stuck question=msg("rtPasswordLost") answer=msg("rtPasswordLostAnswer")/>
<#elseif section == "socialProviders"><@providers.list/>
</#if>
</@layout.registrationLayout>
