import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(js.configs.recommended, ...tseslint.configs.strict, {
  rules: {
    // Data from a run is never HTML: text nodes only.
    "no-restricted-properties": [
      "error",
      { property: "innerHTML", message: "Use textContent: data is never HTML." },
      { property: "outerHTML", message: "Use textContent: data is never HTML." },
      { property: "insertAdjacentHTML", message: "Use textContent: data is never HTML." },
    ],
  },
});
