<#import "template.ftl" as layout>
<@layout.registrationLayout; section>
<#if section == "header">${msg("rtOrganisationTitle")}
<#elseif section == "form">
<form action="${url.loginAction}" method="post">
<ul class="signin-ways">
<#list user.organizations as one>
<li><button class="signin-way" name="kc.org" value="${one.alias}"><strong>${one.name}</strong></button></li>
</#list>
</ul>
</form>
</#if>
</@layout.registrationLayout>
