<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<#import "providers.ftl" as providers>
<@layout.registrationLayout displayMessage=!messagesPerField.existsError("username"); section>
<#if section == "header">${msg("loginAccountTitle")}
<#elseif section == "form">
<p class="lead">${msg("rtAddressLead")}</p>
<@forms.summary {"username": forms.errorOf("username")}/>
<form action="${url.loginAction}" method="post" novalidate>
<@forms.field name="username" label=msg("email") value=(login.username!"") error=forms.errorOf("username") autocomplete="username" inputmode="email" focus=true/>
<@forms.button msg("doContinue")/>
</form>
<#elseif section == "socialProviders"><@providers.list/>
</#if>
</@layout.registrationLayout>
