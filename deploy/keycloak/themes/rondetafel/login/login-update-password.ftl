<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">${msg("updatePasswordTitle")}
<#elseif section == "form">
<p class="lead">${msg("rtPasswordLead")}</p>
<#assign repeated = forms.errorOf("password-confirm")>
<#assign chosen = forms.errorOf("password", !repeated?has_content)>
<@forms.summary {"password-new": chosen, "password-confirm": repeated}/>
<form action="${url.loginAction}" method="post" novalidate>
<@forms.owner/>
<@forms.field name="password-new" label=msg("passwordNew") type="password" hint=msg("rtPasswordHint") error=chosen autocomplete="new-password" focus=true/>
<@forms.field name="password-confirm" label=msg("passwordConfirm") type="password" error=repeated autocomplete="new-password"/>
<#-- Who changes a password has a reason: elsewhere the old one must not go on working. -->
<input type="hidden" name="logout-sessions" value="on">
<div class="govuk-button-group"><@forms.button msg("doSubmit")/><@forms.cancel/></div>
</form>
</#if>
</@layout.registrationLayout>
