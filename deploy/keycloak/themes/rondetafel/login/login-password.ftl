<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=!messagesPerField.existsError("password"); section>
<#if section == "header">${msg("loginAccountTitle")}
<#elseif section == "form">
<@forms.summary {"password": forms.errorOf("password")}/>
<form action="${url.loginAction}" method="post" novalidate>
<@forms.owner/>
<@forms.field name="password" label=msg("password") type="password" error=forms.errorOf("password") autocomplete="current-password" focus=true/>
<@forms.button msg("doLogIn")/>
</form>
<@forms.stuck question=msg("rtPasswordLost") answer=msg("rtPasswordLostAnswer")/>
</#if>
</@layout.registrationLayout>
