/** A spec in the address of the page, behind the #, which browsers send to nobody. */
const link = {
  async pack(text, name) {
    const data = new TextEncoder().encode(JSON.stringify([text, name]));
    if (!("CompressionStream" in window)) return `b=${link.code(data)}`;
    return `z=${link.code(await link.through(data, new CompressionStream("deflate-raw")))}`;
  },

  async unpack(hash) {
    const [, way, code] = hash.match(/^#([bz])=([\w-]+)$/) || [];
    if (!way) return null;
    try {
      let data = Uint8Array.from(atob(code.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
      if (way === "z") data = await link.through(data, new DecompressionStream("deflate-raw"), 4000000);
      const [text, name] = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
      return typeof text === "string" && typeof name === "string" ? { text, name } : null;
    } catch {
      return null;
    }
  },

  /** Send data through a stream; more than `most` bytes are an error. */
  async through(data, stream, most = Infinity) {
    const reader = new Blob([data]).stream().pipeThrough(stream).getReader();
    const parts = [];
    let size = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > most) throw new Error("too large");
      parts.push(part.value);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  },

  code(data) {
    let text = "";
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  },
};
