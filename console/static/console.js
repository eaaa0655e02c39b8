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

  // Long work tells how far it is.
  function follow(block) {
    const bar = block.querySelector("progress");
    const words = block.querySelector("[data-progress-text]");
    const ask = async function () {
      let told;
      try {
        const response = await fetch(block.dataset.poll, { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(String(response.status));
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
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(async function () {
        const mine = ++round;
        const response = await fetch(form.dataset.live, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        if (response.ok && mine === round) target.innerHTML = await response.text();
      }, 250);
    });
  }

  if (document.readyState === "complete") draw(); else window.addEventListener("load", draw);
})();
