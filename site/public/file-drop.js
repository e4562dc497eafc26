/**
 * A file that is dropped anywhere on the box around a file input is chosen, and one that is too large is told so before it is
 * sent. Without script the input itself works as it does. Plain JavaScript of 2019, served as it is.
 */
class FileDrop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector('input[type="file"]');
    const show = (code) => {
      for (const note of this.querySelectorAll("[data-when]")) note.hidden = note.dataset.when !== code;
    };
    const isOver = (event, over) => {
      event.preventDefault();
      this.toggleAttribute("data-over", over);
    };
    this.addEventListener("dragover", (event) => isOver(event, true));
    this.addEventListener("dragleave", (event) => isOver(event, false));
    this.addEventListener("drop", (event) => {
      isOver(event, false);
      const { files } = event.dataTransfer;
      if (files.length === 1) input.files = files;
      if (files.length === 1) input.dispatchEvent(new Event("change"));
      else if (files.length > 1) show("many");
    });
    input.addEventListener("change", () => {
      const [file] = input.files;
      show(file && file.size > Number(this.dataset.bytes) ? "large" : "");
    });
  }
}

customElements.define("file-drop", FileDrop);
