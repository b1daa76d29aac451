<#--
  Form parts. An error stands at its field and in a summary above the form, in the same words. Texts of messages are
  escaped here like all others: none of ours holds markup.
-->
<#macro notice type text>
<#if type == "error">
<div class="govuk-error-summary" tabindex="-1" autofocus><div role="alert">
<h2 class="govuk-error-summary__title">${msg("rtNotYet")}</h2>
<div class="govuk-error-summary__body"><p>${text}</p></div>
</div></div>
<#else>
<div class="govuk-inset-text" role="status"><p>${text}</p></div>
</#if>
</#macro>

<#-- What Keycloak says of a field; with `alone` also what it says of none, where there is only this one to blame. -->
<#function errorOf name alone=false>
<#if messagesPerField.existsError(name)><#return messagesPerField.get(name)></#if>
<#if alone && message?has_content && message.type == "error"><#return message.summary></#if>
<#return "">
</#function>

<#-- `errors` has the error of each field by the id of its input; no error is an empty one. -->
<#macro summary errors>
<#local found = errors?keys?filter(id -> errors[id]?has_content)>
<#if found?has_content>
<div class="govuk-error-summary" tabindex="-1" autofocus><div role="alert">
<h2 class="govuk-error-summary__title">${msg("rtNotYet")}</h2>
<div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list">
<#list found as id><li><a href="#${id}">${errors[id]}</a></li></#list>
</ul></div>
</div></div>
</#if>
</#macro>

<#-- One question with its input. -->
<#macro field name label id=name type="text" value="" hint="" error="" autocomplete="off" inputmode="" focus=false>
<#local wrong = error?has_content>
<div class="govuk-form-group<#if wrong> govuk-form-group--error</#if>">
<label class="govuk-label" for="${id}">${label}</label>
<#if hint?has_content><div class="govuk-hint" id="${id}-hint">${hint}</div></#if>
<#if wrong><p class="govuk-error-message" id="${id}-error"><span class="govuk-visually-hidden">${msg("rtFault")}</span> ${error}</p></#if>
<input class="govuk-input<#if wrong> govuk-input--error</#if>" id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false"<#if inputmode?has_content> inputmode="${inputmode}"</#if><#if hint?has_content || wrong> aria-describedby="<#if hint?has_content>${id}-hint </#if><#if wrong>${id}-error</#if>"</#if><#if wrong> aria-invalid="true"</#if><#if focus && !(message?has_content && message.type == "error")> autofocus</#if>>
<#-- Shown by the script that makes it work. -->
<#if type == "password"><button class="govuk-button govuk-button--plain" type="button" hidden data-shows="${id}" data-show="${msg("showPassword")}" data-hide="${msg("hidePassword")}" aria-controls="${id}">${msg("showPassword")}</button></#if>
</div>
</#macro>

<#-- Whose password it is, for a password safe. -->
<#macro owner>
<#local name = (auth.attemptedUsername)!(username)!"">
<#if name?has_content><input type="text" value="${name}" autocomplete="username" readonly hidden></#if>
</#macro>

<#macro button text id="" name="" value="" type="submit" secondary=false>
<button class="govuk-button<#if secondary> govuk-button--secondary</#if>" type="${type}"<#if id?has_content> id="${id}"</#if><#if name?has_content> name="${name}" value="${value}"</#if>>${text}</button>
</#macro>

<#-- Leaving a page that the person opened from the portal. -->
<#macro cancel>
<#if isAppInitiatedAction??><@button text=msg("doCancel") name="cancel-aia" value="true" secondary=true/></#if>
</#macro>

<#macro back>
<#if !skipLink?? && (client.baseUrl)?has_content>
<p><a class="govuk-button" href="${client.baseUrl}">${msg("backToApplication")}</a></p>
</#if>
</#macro>

<#-- What helps when it does not work. -->
<#macro stuck question answer>
<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${question}</span></summary>
<div class="govuk-details__text">${answer}</div></details>
</#macro>
