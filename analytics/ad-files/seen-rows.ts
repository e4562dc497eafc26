/** Which rows were seen before, by a number for each: 8 bytes a slot, where a Set takes forty and more. */

/** An open-addressing hash table of whole numbers below 2^53, at most six tenths full. */
export class SeenRows {
  #slots = new Float64Array(1 << 14);
  #count = 0;

  /** Adds a number; whether it was there already. */
  add(number: number): boolean {
    // 0 is an empty slot.
    const known = number + 1;
    const at = this.#find(known);
    if (this.#slots[at] === known) return true;
    this.#slots[at] = known;
    this.#count += 1;
    if (this.#count > this.#slots.length * 0.6) this.#grow();
    return false;
  }

  /** The slot of a number, or the empty one where it belongs. */
  #find(known: number): number {
    const last = this.#slots.length - 1;
    let at = known % this.#slots.length;
    while (this.#slots[at] !== 0 && this.#slots[at] !== known) at = at === last ? 0 : at + 1;
    return at;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2);
    for (const known of before) if (known !== 0) this.#slots[this.#find(known)] = known;
  }
}
