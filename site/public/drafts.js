/**
 * Saves what somebody types into a staff form, so that it is there again after a lost session or a closed window.
 * Without script a form is saved when it is refused. Plain JavaScript of 2019, served as it is.
 */

/** Milliseconds between two saves of one form at least. */
const pause = 4000;

class DraftKeeper extends HTMLElement {
  connectedCallback() {
    /** Forms with something typed since their last save → the timer that saves them. */
    this.timers = new Map();
    document.addEventListener("input", (event) => this.schedule(event.target.form));
    document.addEventListener("submit", (event) => this.send(event));
    window.addEventListener("pagehide", () => this.saveAll());
  }

  schedule(form) {
    if (!form || form.method !== "post" || !form.querySelector('input[name="key"]') || this.timers.has(form)) return;
    this.timers.set(
      form,
      setTimeout(() => this.save(form), pause),
    );
  }

  /**
   * A form that is sent is stored or kept by its own answer, the other forms are saved when the page is left. Signing out
   * ends the session by which they are saved, before the page is left: it waits for them, two seconds at most.
   */
  send(event) {
    const form = event.target;
    this.forget(form);
    if (this.timers.size === 0 || !form.action.endsWith("/staff/sign-out")) return;
    event.preventDefault();
    const late = new Promise((resolve) => setTimeout(resolve, 2000));
    void Promise.race([this.saveAll(), late]).then(() => form.submit());
  }

  forget(form) {
    clearTimeout(this.timers.get(form));
    this.timers.delete(form);
  }

  saveAll() {
    return Promise.all([...this.timers.keys()].map((form) => this.save(form)));
  }

  async save(form) {
    this.forget(form);
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form))
      if (typeof value === "string") fields.append({ key: "draft_key", draft: "draft_id" }[name] || name, value);
    fields.append("draft_form", new URL(form.action).pathname);
    fields.append("draft_page", location.pathname);
    // Goes on after the page was left. A failure is not shown: the words are still in the box.
    await fetch("/staff/drafts", { method: "POST", body: fields, keepalive: true }).catch(() => undefined);
  }
}

customElements.define("draft-keeper", DraftKeeper);
