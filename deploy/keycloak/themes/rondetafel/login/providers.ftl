<#-- The ways in of an organisation that has several. -->
<#macro list>
<#if realm.password && social?? && social.providers?has_content>
<h2>${msg("identity-provider-login-label")}</h2>
<ul class="signin-ways">
<#list social.providers as one>
<li><a class="govuk-button govuk-button--secondary" href="${one.loginUrl}">${one.displayName!one.alias}</a></li>
</#list>
</ul>
</#if>
</#macro>
