import { LabIcon } from "@jupyterlab/ui-components";

/** The panel's icon; its colours are JupyterLab's, so that it fits either theme. */
export const panelIcon = new LabIcon({
  name: "opsdash:panel",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">
  <g class="jp-icon3" fill="#616161">
    <path d="M3 2h10a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm0 1.5a.5.5 0 0 0-.5.5v8c0 .3.2.5.5.5h10a.5.5 0 0 0 .5-.5V4a.5.5 0 0 0-.5-.5z"/>
    <path d="M4.3 5.9l1-1L8.4 8l-3.1 3.1-1-1L6.4 8zM8.5 9.8h3.2v1.4H8.5z"/>
  </g>
</svg>`,
});
