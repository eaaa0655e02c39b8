"use strict";
// The catalogue desk's own: pages work without it.

(function () {
  // Fields that only one choice needs: shown with it. data-when="mode=off" names the choice and its value.
  for (const field of document.querySelectorAll("[data-when]")) {
    const [name, value] = field.dataset.when.split("=");
    const form = field.form, block = field.closest(".pair") || field.closest(".field");
    const show = function () { block.hidden = form.elements[name].value !== value; };
    form.addEventListener("change", show);
    show();
  }

  // A suggestion that is chosen fills the form's fields, without a way over the server.
  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-fill]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
  });

  // What is too large is told before it is sent. data-most: bytes of all files together.
  for (const form of document.querySelectorAll("form[enctype]")) {
    const holder = form.querySelector("[data-most]");
    if (!holder) continue;
    form.addEventListener("change", function () {
      let bytes = 0;
      for (const input of form.querySelectorAll("input[type=file]")) for (const file of input.files) bytes += file.size;
      holder.setCustomValidity(bytes > Number(holder.dataset.most) ? holder.dataset.mostWords : "");
      holder.reportValidity();
    });
  }

  // Pictures go a few at a time, as many as are made at once: it can be seen how far it is, and all of them together may
  // be large. What goes wrong on the way is left to the form itself, whose answer is a page.
  for (const input of document.querySelectorAll("input[data-at-once]")) {
    const form = input.form, block = form.querySelector("[data-sending]");
    const bar = block.querySelector("progress"), words = block.querySelector("p");
    input.addEventListener("change", function () {
      const large = [...input.files].find((file) => file.size > Number(input.dataset.mostEach));
      input.setCustomValidity(large ? input.dataset.mostWords.replace("%s", large.name) : "");
      input.reportValidity();
    });
    const send = async function (files) {
      const body = new FormData();
      for (const name of ["csrf", "alt"]) body.append(name, form.elements[name].value);
      for (const file of files) body.append("files", file);
      const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      return response.json();
    };
    const tell = function (name, sentence) {
      const line = document.createElement("p");
      line.className = "field-error";
      line.textContent = sentence;
      form.elements[name].closest(".field").append(line);
    };
    form.addEventListener("submit", async function (event) {
      const left = [...input.files], all = left.length, told = new Set();
      if (!all) return;
      event.preventDefault();
      for (const line of form.querySelectorAll(".field-error")) line.remove();
      block.hidden = bar.hidden = false;
      bar.max = all;
      let kept = 0;
      while (left.length) {
        bar.value = all - left.length;
        words.textContent = words.dataset.words.replace("%d", bar.value).replace("%t", all);
        try {
          const answer = await send(left.slice(0, Number(input.dataset.atOnce)));
          kept += answer.kept;
          for (const [name, sentences] of Object.entries(answer.errors)) {
            for (const sentence of sentences) if (!told.has(sentence)) tell(name, sentence);
            for (const sentence of sentences) told.add(sentence);
          }
        } catch (_) {
          const rest = new DataTransfer();
          for (const file of left) rest.items.add(file);
          input.files = rest.files;
          form.submit();
          return;
        }
        left.splice(0, Number(input.dataset.atOnce));
      }
      try {
        const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
        document.querySelector(input.dataset.refresh).replaceWith(page.querySelector(input.dataset.refresh));
      } catch (_) {
        window.location.assign(form.action);
        return;
      }
      input.value = "";
      if (!told.size) form.elements.alt.value = "";
      bar.hidden = true;
      words.textContent = kept ? input.dataset.addedWords.replace("%d", kept) : "";
      for (const button of form.querySelectorAll("button[aria-busy]")) {
        button.removeAttribute("aria-busy");
        button.disabled = false;
      }
    });
  }

  // Rows of inputs: more of them, and emptying one; a blank one is not saved. Buttons that need this come to light here.
  for (const add of document.querySelectorAll("[data-add-row]")) {
    const body = document.getElementById(add.dataset.addRow).tBodies[0];
    const clear = function (row) {
      for (const input of row.querySelectorAll("input")) input.value = "";
      for (const told of row.querySelectorAll(".field-error")) told.remove();
      for (const input of row.querySelectorAll(".wrong")) input.classList.remove("wrong");
    };
    const show = function (row) {
      const button = row.querySelector("[data-clear-row]");
      button.hidden = false;
      button.addEventListener("click", function () { clear(row); row.hidden = true; add.focus(); });
    };
    for (const row of body.rows) show(row);
    const whole = body.rows[0].cloneNode(true);
    clear(whole);
    // One empty row will do where there is a button for more.
    const isBlank = (row) => [...row.querySelectorAll("input")].every((input) => !input.value);
    while (body.rows.length > 1 && [...body.rows].slice(-2).every(isBlank)) body.rows[body.rows.length - 1].remove();
    add.hidden = false;
    add.addEventListener("click", function () {
      const row = whole.cloneNode(true), number = body.rows.length;
      for (const input of row.querySelectorAll("input")) {
        input.name = input.name.replace(".0.", `.${number}.`);
        if (input.id) input.id = input.id.replace(".0.", `.${number}.`);
        input.removeAttribute("aria-describedby");
        input.removeAttribute("aria-invalid");
      }
      body.append(row);
      show(row);
      row.querySelector("input:not([type=hidden])").focus();
    });
  }

  // As many as are ticked, said on the button that does something with them.
  for (const form of document.querySelectorAll("form[data-pick]")) {
    const button = form.querySelector("button"), boxes = [...document.querySelectorAll(`input[form="${form.id}"]`)];
    const count = function () {
      const ticked = boxes.filter((box) => box.checked).length;
      button.disabled = !ticked;
      button.querySelector("[data-count]").textContent = ticked ? ` (${ticked})` : "";
    };
    for (const box of boxes) box.addEventListener("change", count);
    count();
  }
})();
