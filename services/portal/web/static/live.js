// A page that keeps itself up to date. One stream for all pages of a browser, since a browser gives a host six
// connections (decision 46): the page that holds the lock listens for all and passes on what it hears; another takes
// over when it goes. Where pages cannot share, each listens for itself while it is in view. The stream says how far a
// cell is, as a token; a page that is of another one reads itself again.
'use strict';
(() => {
  const page = document.querySelector('[data-stream]')
  if (!page) return
  const [path, mine] = page.dataset.stream.split('?')
  const MOST = 16, SHORTEST = 500, LONGEST = 60000, DEAF = 45000, ANSWER = 3000, EVERY = 20000
  const LEADER = 'live', SHOWN = 'live '
  const shares = 'locks' in navigator && 'BroadcastChannel' in window
  const rest = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds * (0.7 + 0.6 * Math.random())))
  const unlike = () => String(Math.random())

  // Reading: until the page is of what was told last.
  let isOf = page.dataset.heard, told = isOf, reading = false, status
  page.addEventListener('htmx:after:request', (event) => { status = event.detail.ctx.response.status })

  async function read() {
    if (reading) return
    reading = true
    for (let wait = SHORTEST; told !== isOf;) {
      await rest(300)
      const asked = told
      status = 0
      await htmx.ajax('GET', page.dataset.read, { source: page, swap: 'none' })
      if (status === 200) isOf = asked
      else await rest(wait = Math.min(2 * wait, LONGEST))
    }
    reading = false
  }

  function hear(news) {
    if (!(mine in news)) return
    told = news[mine]
    read()
  }

  // Listening: for all pages, or for this one; `turn` changes when it is no more for this page to do.
  let turn = 0, listens = false, faults = 0, line = new AbortController(), channel = null
  let asked = [], joining = new Set(), known = {}

  async function listen() {
    const now = ++turn
    listens = true
    while (now === turn) {
      const wait = await follow(now)
      if (now === turn && !joining.size) await rest(wait)
    }
  }

  async function follow(now) {
    asked = []
    const shown = channel ? (await navigator.locks.query()).held.map(({ name }) => name) : []
    const others = shown.filter((name) => name.startsWith(SHOWN)).map((name) => name.slice(SHOWN.length))
    if (now !== turn) return 0
    asked = [...new Set([mine, ...joining, ...others])].slice(0, MOST)
    joining.clear()
    line = new AbortController()
    let wait = SHORTEST
    try {
      const options = { headers: { Accept: 'text/event-stream' }, signal: line.signal }
      const answer = await hurry(fetch(`${path}?${asked.join('&')}`, options))
      // Who may not listen may not read either, and the page says so.
      if ([401, 403, 404].includes(answer.status)) asked.forEach((of) => pass(of, unlike()))
      if (answer.status !== 200) {
        wait = 1000 * (answer.headers.get('retry-after') ?? 0)
        throw answer
      }
      for await (const said of lines(answer.body)) {
        const [kind, number, token] = said.split(' ')
        if (kind === 'retry:') wait = Number(number)
        if (kind === 'data:') pass(asked[number], token)
        faults = 0
      }
    } catch {
      if (!joining.size) wait = Math.max(wait, Math.min(SHORTEST * 2 ** ++faults, LONGEST))
    }
    return wait
  }

  // A connection that died says nothing: the server does, every 15 seconds.
  function hurry(promise) {
    const deaf = setTimeout(() => line.abort(), DEAF)
    return promise.finally(() => clearTimeout(deaf))
  }

  async function* lines(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    for (let left = ''; ;) {
      const { done, value } = await hurry(reader.read())
      if (done) return
      const found = (left + value).split('\n')
      left = found.pop()
      yield* found
    }
  }

  function pass(of, token) {
    known[of] = token
    channel?.postMessage({ told: { [of]: token } })
    hear({ [of]: token })
  }

  function silence() {
    turn++
    listens = false
    line.abort()
  }

  // Sharing: who leads listens; a leader that does not answer (its page sleeps) is replaced by a page in view.
  let place = null, leave = () => {}, resign = () => {}, answered = true

  function lead() {
    if (!channel) return null
    known = {}
    listen()
    return new Promise((over) => { resign = over })
  }

  function queue(how) {
    const waits = place = new AbortController()
    navigator.locks.request(LEADER, how ?? { signal: waits.signal }, lead).catch(() => {
      if (waits !== place) return
      silence()
      queue()
    })
  }

  function ask() {
    if (!channel || listens || document.hidden) return
    answered = false
    channel.postMessage({ here: mine })
    setTimeout(() => {
      if (answered || !channel || listens || document.hidden) return
      const waited = place
      queue({ steal: true })
      waited.abort()
    }, ANSWER)
  }

  function take({ data }) {
    if (data.told) {
      answered = true
      hear(data.told)
    } else if (listens) {
      const here = data.here
      const full = !asked.includes(here) && asked.length >= MOST
      channel.postMessage({ told: full ? { [here]: unlike() } : known })
      if (full || asked.includes(here)) return
      joining.add(here)
      line.abort()
    }
  }

  // The page is there, or gone: left, asleep, kept for the button back.
  function enter() {
    if (!shares) {
      if (!document.hidden && !listens) listen()
    } else if (!channel) {
      channel = new BroadcastChannel(LEADER)
      channel.onmessage = take
      queue()
      navigator.locks.request(SHOWN + mine, { mode: 'shared' }, () => new Promise((over) => { leave = over; ask() }))
    }
  }

  function go() {
    silence()
    channel?.close()
    channel = null
    place?.abort()
    place = null
    leave()
    resign()
  }

  function look() {
    if (shares) ask()
    else if (document.hidden) silence()
    else enter()
  }

  addEventListener('pagehide', go)
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    told = unlike()
    enter()
    read()
  })
  document.addEventListener('freeze', go)
  document.addEventListener('resume', enter)
  document.addEventListener('visibilitychange', look)
  document.addEventListener('DOMContentLoaded', () => {
    enter()
    if (shares) setInterval(ask, EVERY)
  })
})()
