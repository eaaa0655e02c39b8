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
