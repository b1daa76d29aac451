<#--
  Where a first sign-in through an organisation ends when its provider gives no address, or one of another domain.
  Nobody may fill it in here, so there is no form: the page says whom to ask.
-->
<#import "template.ftl" as layout>
<@layout.registrationLayout displayMessage=false; section>
<#if section == "header">${msg("loginIdpReviewProfileTitle")}
<#elseif section == "form">
<p class="lead" role="alert">${msg("rtForeignAddress")}</p>
<ul class="points">
<li>${msg("rtForeignAddressAccount")}</li>
<li>${msg("rtForeignAddressAsk")}</li>
</ul>
<div class="govuk-button-group"><a class="govuk-button" href="${url.loginRestartFlowUrl}">${msg("rtStartAgain")}</a></div>
</#if>
</@layout.registrationLayout>
