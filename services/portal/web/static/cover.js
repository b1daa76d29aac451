// After the moment of sign-out nothing of a page stays on the screen of an empty office (decision 59): the page covers
// itself and goes to where it is said that one is signed out. What another tab or an open session renews moves that
// moment along: it is asked for, which renews nothing. A page that comes back (the button back, a laptop that wakes, a
// tab that is looked at again) is asked about before it shows itself.
'use strict';
(() => {
  const { left, who } = document.currentScript.dataset
  const EVERY = 1000, EARLY = 10000, REST = 5000, ANSWER = 10000
  const rest = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds))
  const out = document.querySelector('form.out')
  let ends = 0, asked = 0, asking = false, leaving = false, signingOut = false, place = 0, channel = null

  function lasts(seconds) {
    ends = Date.now() + 1000 * (Number(seconds) + 1)
    asked = 0
  }

  function cover() {
    if (document.body.hidden) return
    place = scrollY
    document.body.hidden = true
  }

  function uncover() {
    if (!document.body.hidden) return
    document.body.hidden = false
    scrollTo(0, place)
  }

  // What was typed is kept first; who keeps it leaves by itself when that is for somebody signed out.
  async function leave() {
    leaving = true
    cover()
    const kept = []
    document.dispatchEvent(new CustomEvent('leaving', { detail: kept }))
    const left = await Promise.race([Promise.all(kept), rest(ANSWER)])
    if (!left?.includes(true)) location.replace(`/signin/over?to=${encodeURIComponent(location.pathname + location.search)}`)
  }

  async function ask() {
    if (asking || leaving || Date.now() - asked < REST) return
    asking = true
    asked = Date.now()
    try {
      const options = { headers: { Accept: 'application/json' }, redirect: 'error', signal: AbortSignal.timeout(ANSWER) }
      const answer = await fetch('/signin/left', options)
      if (answer.status === 200) {
        const told = await answer.json()
        if (told.left > 0 && told.who === who) {
          const before = asked
          lasts(told.left)
          asked = before
          uncover()
        } else leave()
      }
    } catch { /* Nobody answers: what is covered stays covered, and it is asked again. */ }
    asking = false
  }

  function look() {
    if (Date.now() >= ends) cover()
    if (Date.now() >= ends - EARLY) ask()
  }

  function lookAgain() {
    look()
    if (!document.hidden) ask()
  }

  function enter() {
    channel = 'BroadcastChannel' in window ? new BroadcastChannel('signed out') : null
    channel?.addEventListener('message', () => {
      asked = 0
      ask()
    })
  }

  lasts(left)
  enter()
  setInterval(look, EVERY)
  document.addEventListener('signed-in', ({ detail }) => lasts(detail))
  document.addEventListener('visibilitychange', lookAgain)
  document.addEventListener('resume', lookAgain)
  addEventListener('focus', lookAgain)
  out?.addEventListener('submit', () => { signingOut = true })
  addEventListener('pagehide', ({ persisted }) => {
    if (signingOut) channel?.postMessage('')
    channel?.close()
    if (!persisted) return
    ends = 0
    cover()
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    leaving = signingOut = false
    asked = 0
    enter()
    ask()
  })
})()
