"use strict";
// Every page works without this file, but for the charts, whose figures stand below them as tables.

(function () {
  // A form that is being sent is not sent again. Its key would make a second time harmless; this saves the wait.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", function () {
      for (const button of form.querySelectorAll("button[type=submit]")) {
        button.setAttribute("aria-busy", "true");
        setTimeout(() => { button.disabled = true; }, 0);
      }
    });
  }
  // Going back to a page finds its buttons as they were.
  window.addEventListener("pageshow", function () {
    for (const button of document.querySelectorAll("button[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  });

  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  function draw() {
    if (!window.Plotly) return;
    for (const area of document.querySelectorAll("[data-plot]")) {
      const figure = JSON.parse(document.getElementById(area.dataset.plot).textContent);
      figure.layout.height = Number(area.dataset.height);
      window.Plotly.newPlot(area, figure.data, figure.layout, { displayModeBar: false, responsive: true, locale: "en" });
    }
  }

  // A session that ends while a page is open. What was typed stays; somebody signs in in another tab, and comes back
  // to a page whose forms then carry the new session's token.
  const frame = document.querySelector("[data-session]"), waiting = [];
  let told = null;

  function signedOut() {
    if (told || !frame) return;
    told = document.getElementById("signed-out").content.firstElementChild.cloneNode(true);
    document.getElementById("page").prepend(told);
  }

  async function lookAtSession() {
    if (!frame) return;
    try {
      const response = await fetch(frame.dataset.session, { headers: { Accept: "application/json" } });
      if (response.status === 401) signedOut();
      if (!response.ok) return;
      const { csrf } = await response.json();
      for (const input of document.querySelectorAll("input[name=csrf]")) input.value = csrf;
      if (told) told.remove();
      told = null;
      for (const go of waiting.splice(0)) go();
    } catch (_) {
      // No connection: the next look will tell.
    }
  }
  window.addEventListener("focus", lookAtSession);
  window.addEventListener("pageshow", (event) => { if (event.persisted) lookAtSession(); });

  // Whether an answer is what was asked for, and not the way to the sign-in.
  function isAnswer(response) {
    if (response.status === 401 || response.redirected) signedOut();
    else if (response.status === 403) lookAtSession();
    return response.ok && !response.redirected;
  }

  // Long work tells how far it is.
  function follow(block) {
    const bar = block.querySelector("progress");
    const words = block.querySelector("[data-progress-text]");
    const ask = async function () {
      let told;
      try {
        const response = await fetch(block.dataset.poll, { headers: { Accept: "application/json" } });
        if (!isAnswer(response)) {
          if (response.status === 401 || response.redirected) waiting.push(ask);
          // It is kept for two days: its page says that it is gone.
          else if (response.status === 404) window.location.reload();
          else setTimeout(ask, 2000);
          return;
        }
        told = await response.json();
      } catch (_) {
        setTimeout(ask, 2000);
        return;
      }
      if (told.next) {
        window.location.assign(told.next);
        return;
      }
      if (told.total) {
        bar.max = told.total;
        bar.value = told.done;
      } else {
        // Nobody knows yet how much there is.
        bar.removeAttribute("value");
      }
      const number = new Intl.NumberFormat(document.documentElement.lang);
      const sentence = told.total ? words.dataset.words : words.dataset.wordsUnknown || words.dataset.words;
      words.textContent = sentence.replace("%d", number.format(told.done)).replace("%t", number.format(told.total));
      setTimeout(ask, 500);
    };
    setTimeout(ask, 300);
  }
  document.querySelectorAll("[data-poll]").forEach(follow);

  // Parts that change as somebody types: the form is sent to `data-live`, the answer's HTML takes the target's place.
  for (const form of document.querySelectorAll("form[data-live]")) {
    const target = document.querySelector(form.dataset.liveTarget);
    let timer = 0, round = 0;
    const ask = async function () {
      const mine = ++round;
      try {
        const response = await fetch(form.dataset.live, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        const answer = await response.text();
        if (mine !== round) return;
        if (isAnswer(response)) {
          target.innerHTML = answer;
          target.removeAttribute("aria-busy");
        } else if (response.status === 401 || response.redirected) {
          waiting.push(ask);
        }
      } catch (_) {
        // No connection: again in a while, if nothing has been typed meanwhile.
        if (mine === round) timer = setTimeout(ask, 2000);
      }
    };
    form.addEventListener("input", function () {
      // Pale as long as it does not belong to what stands in the form.
      target.setAttribute("aria-busy", "true");
      clearTimeout(timer);
      timer = setTimeout(ask, 250);
    });
  }

  if (document.readyState === "complete") draw(); else window.addEventListener("load", draw);
})();
