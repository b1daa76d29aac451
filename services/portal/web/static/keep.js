// What is typed is kept on the server while somebody types, the way the button "Save, I go on later" does it: under the
// same key, with the same proof, beside what another device wrote and never over it (decision 58). Nothing of it stays in
// the browser. One request after each pause, none when nothing changed; what is about to be left is kept first.
'use strict';
(() => {
  const form = document.getElementById(document.currentScript.dataset.form)
  const line = document.getElementById('kept')
  const TEXT = 'textarea, input[type=text], input[type=email]'
  if (!form?.elements.shown || ![...form.elements].some((field) => field.matches(TEXT))) return
  const PAUSE = 2000, LONGEST = 20000, SLOWEST = 60000, ANSWER = 3000, SMALL = 60000, AGAIN = 800
  const rest = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds))

  // Of each field its value, or what the page came with; the draft is what this script changes itself.
  function values(field, first) {
    if (field.matches('[type=checkbox], [type=radio]')) return (first ? field.defaultChecked : field.checked) ? [field.value] : []
    if (field.matches('select')) {
      const chosen = [...field.options].filter((option) => first ? option.defaultSelected : option.selected)
      return (chosen.length || field.multiple ? chosen : [...field.options].slice(0, 1)).map((option) => option.value)
    }
    return [first ? field.defaultValue : field.value]
  }

  function said(first = false) {
    const told = [...form.elements].filter((field) => field.name && field.name !== 'draft' && field.type !== 'submit')
    return JSON.stringify(told.map((field) => [field.name, values(field, first)]))
  }

  let kept = said(true), going = null, sending = null, timer = 0, since = 0, wait = PAUSE, over = false
  const changed = () => !over && said() !== kept

  // One after the other, so that each begins from the draft of the one before; who leaves cannot wait for that.
  async function keep(leaving = false) {
    clearTimeout(timer)
    since = 0
    if (sending && !leaving) await sending
    const now = said()
    if (over || now === kept || now === going) return sending
    going = now
    const body = new URLSearchParams(new FormData(form))
    const options = { method: 'POST', body, redirect: 'manual', headers: { Accept: 'application/json' } }
    const asked = sending = fetch(location.pathname, { ...options, keepalive: String(body).length < SMALL })
      .then((answer) => take(answer, now)).catch(() => fail(wait = Math.min(2 * wait, SLOWEST)))
      .finally(() => {
        if (sending === asked) sending = going = null
      })
    return sending
  }

  async function take(answer, now) {
    const told = answer.headers.get('content-type')?.startsWith('application/json') ? await answer.json() : {}
    if (answer.status === 200) {
      kept = now
      wait = PAUSE
      if (told.draft) begin(told.draft)
      show(Boolean(told.draft))
      document.dispatchEvent(new CustomEvent('signed-in', { detail: told.left }))
      if (changed()) later()
    } else if (answer.status === 401 || answer.status === 403) {
      // Who is not signed in any more, or somebody else is: the text is kept, and nothing of it stays on the screen.
      over = true
      document.body.hidden = true
      location.replace(told.to ?? '/')
    } else if (answer.status === 429 || answer.status >= 500) {
      fail(Math.max(wait = Math.min(2 * wait, SLOWEST), 1000 * (answer.headers.get('retry-after') ?? 0)))
    } else {
      show(true, false)
    }
  }

  // The form is of this draft now, and so is the address: a reload, a way back and another device find it there.
  function begin(draft) {
    const [, ...beside] = form.elements.draft.value.split(' ')
    form.elements.draft.value = [draft, ...beside].join(' ')
    const here = new URL(location.href)
    here.searchParams.set('draft', draft.split('.')[0])
    here.searchParams.delete('again')
    history.replaceState(history.state, '', here)
  }

  function fail(milliseconds) {
    show(true, false)
    later(milliseconds)
  }

  function show(told, well = true) {
    if (told && line.parentNode !== form) form.append(line)
    line.hidden = !told
    line.dataset.well = well
  }

  function later(milliseconds = PAUSE) {
    since ||= Date.now()
    clearTimeout(timer)
    timer = setTimeout(keep, Math.max(0, Math.min(milliseconds, since + Math.max(LONGEST, milliseconds) - Date.now())))
  }

  // Kept first, as far as that takes no longer than a person waits; then what was asked for.
  async function first(event, onward) {
    if (!changed() && !sending) return
    event.preventDefault()
    await Promise.race([keep(), rest(ANSWER)])
    onward()
  }

  function typed({ target }) {
    if (target.form === form && target.name) later(wait)
  }

  function follow(event) {
    const link = event.target.closest?.('a[href]')
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
    if (!link || !plain || event.defaultPrevented || link.target || link.origin !== location.origin) return
    if (link.hash && link.pathname === location.pathname) return
    first(event, () => location.assign(link.href))
  }

  let passing = false
  function submit(event) {
    const { target, submitter } = event
    if (passing) return
    if (target === form && submitter?.name === 'drop') kept = said()
    if (target === form && !changed() && !sending) over = true
    first(event, () => {
      passing = true
      over = target === form
      target.requestSubmit(submitter)
      passing = false
    })
  }

  // It goes on its way while the page is asked for anew: the new one looks once more when it has arrived.
  function leave() {
    if (!changed()) return
    history.replaceState({ left: true }, '')
    keep(true)
  }

  async function lookAgain() {
    if (!history.state?.left) return
    history.replaceState(null, '')
    await rest(AGAIN)
    if (!changed()) location.replace(location.href)
  }

  document.addEventListener('input', typed)
  document.addEventListener('change', typed)
  document.addEventListener('click', follow)
  document.addEventListener('submit', submit)
  document.addEventListener('leaving', ({ detail }) => detail.push(keep().then(() => over)))
  document.addEventListener('visibilitychange', () => document.hidden && keep(true))
  addEventListener('beforeunload', leave)
  addEventListener('pagehide', () => keep(true))
  // Come back by the button back, it is written in again; what the browser filled in by itself the server has not seen.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) over = document.body.hidden
    if (changed()) later()
  })
  document.querySelectorAll('[data-kept]').forEach((told) => { told.hidden = false })
  lookAgain()
})()
