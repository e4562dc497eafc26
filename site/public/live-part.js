/**
 * Shows the newest numbers of its page: fetches it again every few seconds and puts the same part of it here. When what the
 * page stands for has changed its state, the whole page is loaded, with the buttons that fit; while somebody is at one of them it
 * says so instead, since loading would take the focus away. It rests while nobody looks, and says so: a
 * forgotten window must not keep a session alive. Plain JavaScript of 2019, served as it is.
 */

/** Milliseconds from one look to the next, and after the last press of a key or button until it rests. */
const pause = 5000;
const attention = 15 * 60000;

class LivePart extends HTMLElement {
  connectedCallback() {
    this.stayAwake = () => {
      this.restsAt = Date.now() + attention;
      this.sayWhetherItRefreshes();
    };
    this.stayAwake();
    for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, this.stayAwake);
    this.timer = setInterval(() => void this.look(), pause);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    for (const type of ["pointerdown", "keydown"]) document.removeEventListener(type, this.stayAwake);
  }

  isAtRest() {
    return Date.now() > this.restsAt;
  }

  sayWhetherItRefreshes() {
    for (const note of this.querySelectorAll("[data-with-script]"))
      note.hidden = (note.dataset.withScript === "at-rest") !== this.isAtRest();
  }

  /** Whether the keyboard is at something of the page that can be pressed, chosen or scrolled. */
  isInUse() {
    const at = document.activeElement;
    return at !== null && at.matches("a, button, summary, input, select, textarea, [tabindex='0']");
  }

  sayThatItChanged() {
    const place = document.querySelector("[role=status][data-said-by=live-part]");
    const words = document.querySelector("template[data-said-by=live-part]");
    if (!place.hasChildNodes()) place.append(words.content.cloneNode(true));
  }

  async look() {
    this.sayWhetherItRefreshes();
    if (document.hidden || this.isLooking || this.isAtRest()) return;
    this.isLooking = true;
    // A failure is not shown: the numbers say of what time they are.
    await this.refresh().catch(() => undefined);
    this.isLooking = false;
  }

  async refresh() {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.querySelector("live-part");
    if (!next || next.dataset.state !== this.dataset.state) {
      if (!this.isInUse()) location.replace(location.pathname);
      else this.sayThatItChanged();
      return;
    }
    if (this.contains(document.activeElement)) return; // somebody reads in it with the keyboard
    this.replaceChildren(...next.childNodes);
    this.sayWhetherItRefreshes();
  }
}

customElements.define("live-part", LivePart);
