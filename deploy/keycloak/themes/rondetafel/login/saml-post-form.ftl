<#import "template.ftl" as layout>
<#import "forms.ftl" as forms>
<@layout.registrationLayout; section>
<#if section == "header">${msg("saml.post-form.title")}
<#elseif section == "form">
<p class="lead">${msg("saml.post-form.message")}</p>
<form action="${samlPost.url}" method="post" data-goes-on>
<#if samlPost.SAMLRequest??><input type="hidden" name="SAMLRequest" value="${samlPost.SAMLRequest}"></#if>
<#if samlPost.SAMLResponse??><input type="hidden" name="SAMLResponse" value="${samlPost.SAMLResponse}"></#if>
<#if samlPost.relayState??><input type="hidden" name="RelayState" value="${samlPost.relayState}"></#if>
<@forms.button msg("doContinue")/>
</form>
</#if>
</@layout.registrationLayout>
