<#--
  The frame of every page: the same header, foot and stylesheets as the portal's. The macro keeps the name, parameters
  and sections of the base theme's, so that base pages we do not write ourselves stand in this frame too.
  No script and no style stands in a page: the realm's content security policy lets none run. Keycloak would put a script
  of its own before the end tag of the head; that tag may be left out, and page.js does what the script is for.
-->
<#import "forms.ftl" as forms>
<#macro registrationLayout bodyClass="" displayInfo=false displayMessage=true displayRequiredFields=false>
<#-- Of the page of the password also a name that was typed: Keycloak fixes it for all but accounts that are switched off. -->
<#local who = "">
<#if auth?has_content && auth.showUsername()><#local who = auth.attemptedUsername!"">
<#elseif pageId == "login"><#local who = (login.username)!""></#if>
<#local heading><#compress><#nested "header"></#compress></#local>
<#local failed = message?has_content && message.type == "error" && !["error", "webauthn-error"]?seq_contains(pageId)>
<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><#if failed>${msg("rtFault")} </#if>${heading} - ${msg("rtProduct")}</title>
<link rel="stylesheet" href="${url.resourcesPath}/rondetafel.css?${properties.digest}">
<link rel="icon" href="${url.resourcesPath}/mark.svg?${properties.digest}" type="image/svg+xml">
<script type="module" src="${url.resourcesPath}/js/page.js?${properties.digest}"></script>
<#-- The gate before Keycloak reads here which page it is and whose sign-in (services/gate/sessions.py). -->
<body data-page-id="login-${pageId}"<#if who?has_content> data-account="${who}"</#if><#if url.ssoLoginInOtherTabsUrl??> data-signed-in-elsewhere="${url.ssoLoginInOtherTabsUrl}"</#if><#if authenticationSession??> data-attempt="${authenticationSession.authSessionIdHash}"</#if>>
<a href="#content" class="govuk-skip-link">${msg("rtSkip")}</a>
<header class="top"><div class="wrap">
<span class="brand"><span class="signin-mark" aria-hidden="true"><#include "mark.ftl"></span>${msg("rtProduct")}</span>
</div></header>
<main id="content" tabindex="-1"><div class="wrap signin">
<div class="signin-main">
<h1>${heading}</h1>
<#if who?has_content && !auth.showResetCredentials()>
<p class="signin-who">${msg("rtSigningInAs")} <strong>${who}</strong> <a href="${url.loginRestartFlowUrl}">${msg("rtSomebodyElse")}</a></p>
</#if>
<#-- A warning only says what the page itself asks for. -->
<#if displayMessage && message?has_content && message.type != "warning">
<@forms.notice type=message.type text=message.summary/>
</#if>
<#nested "form">
<#if auth?has_content && auth.showTryAnotherWayLink()>
<form action="${url.loginAction}" method="post">
<button class="govuk-button govuk-button--plain" name="tryAnotherWay" value="on">${msg("doTryAnotherWay")}</button>
</form>
</#if>
<#if switchOrganizationEnabled?? && switchOrganizationEnabled>
<form action="${url.loginAction}" method="post">
<button class="govuk-button govuk-button--plain" name="switchOrganization" value="true">${msg("doSwitchOrganization")}</button>
</form>
</#if>
<#nested "socialProviders">
<#if displayInfo><#nested "info"></#if>
</div>
<aside class="signin-aside" aria-labelledby="good-to-know">
<h2 id="good-to-know">${msg("rtGoodToKnow")}</h2>
<p>${msg("rtNobodyAsks")}</p>
<p>${msg("rtWhomToAsk")}</p>
</aside>
</div></main>
<footer class="foot"><div class="wrap">
<p><strong>${msg("rtDanger")}</strong></p>
<p>${msg("rtSecrecy")}</p>
<#-- The host's desk, as deploy/local/theme.py put it into theme.properties. -->
<#assign desk = properties>
<#if desk.deskCall?has_content || desk.deskEmail?has_content>
<p>${msg("rtDesk")} <#if desk.deskName?has_content>${desk.deskName}<#else>${msg("rtHost")}</#if><#if desk.deskCall?has_content>, <a href="tel:${desk.deskCall}">${desk.deskTelephone}</a></#if><#if desk.deskEmail?has_content>, <a href="mailto:${desk.deskEmail}">${desk.deskEmail}</a></#if></p>
</#if>
<@languages/>
</div></footer>
</body>
</html>
</#macro>

<#macro languages>
<#if realm.internationalizationEnabled && locale.supported?size gt 1>
<ul aria-label="${msg("languages")}">
<#list ["nl", "fr", "de", "en"] as tag><#list locale.supported?filter(one -> one.languageTag == tag) as one>
<#if tag == locale.currentLanguageTag>
<li><span aria-current="true">${one.label}</span></li>
<#else>
<li><a href="${one.url}" lang="${tag}" hreflang="${tag}">${one.label}</a></li>
</#if>
</#list></#list>
</ul>
</#if>
</#macro>
