// The panel in a tab: a kernel of its own, in which the dashboard is drawn.
import { registerWidgetManager } from "@jupyter-widgets/jupyterlab-manager";
import { SessionContext, type ServiceManager } from "@jupyterlab/apputils";
import { OutputAreaModel, SimplifiedOutputArea } from "@jupyterlab/outputarea";
import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { Signal } from "@lumino/signaling";
import { Panel as LuminoPanel, Widget } from "@lumino/widgets";

/** Fixed, so that a reloaded page finds the session that it had before. */
const SESSION_PATH = "opsdash-panel";
const CODE = "import opsdash_widgets as ops\nops.Dashboard()";

const NO_PACKAGE =
  "The kernel that JupyterLab starts here does not have opsdash_widgets: install it in " +
  "that kernel's environment, then close this tab and open it again.";
const NO_KERNEL =
  "JupyterLab could not start a Python kernel for the panel: check that a kernel named " +
  "python3 is installed, then close this tab and open it again.";
const ENDED =
  "The panel's kernel has ended; your runs go on. Close this tab and open it again to " +
  "see them.";

/** Shows the dashboard; closing it ends its kernel, reloading the page does not. */
export class Panel extends LuminoPanel {
  readonly #session: SessionContext;
  readonly #output: SimplifiedOutputArea;
  readonly #manager: { dispose(): void };
  #restarted = false;

  constructor(services: ServiceManager, rendermime: IRenderMimeRegistry) {
    super();
    this.addClass("opsdash-panel");
    this.#session = new SessionContext({
      sessionManager: services.sessions,
      specsManager: services.kernelspecs,
      kernelManager: services.kernels,
      path: SESSION_PATH,
      name: "Ops",
      type: "opsdash",
      kernelPreference: { name: "python3", shutdownOnDispose: true },
    });
    const registry = rendermime.clone();
    this.#manager = registerWidgetManager(contextOf(this.#session), registry, none());
    const model = new OutputAreaModel({ trusted: true });
    this.#output = new SimplifiedOutputArea({ model, rendermime: registry });
    this.addWidget(this.#output);
    this.#session.statusChanged.connect(this.#onStatus, this);
    void this.#start();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    Signal.clearData(this);
    this.#manager.dispose();
    this.#session.dispose();
    super.dispose();
  }

  async #start(): Promise<void> {
    const undecided = await this.#session.initialize().catch(() => true);
    if (undecided || !this.#session.session?.kernel) this.#say(NO_KERNEL);
    else await this.#draw();
  }

  async #draw(): Promise<void> {
    await this.#session.ready;
    const reply = await SimplifiedOutputArea.execute(CODE, this.#output, this.#session);
    const missing =
      reply?.content.status === "error" &&
      reply.content.ename === "ModuleNotFoundError" &&
      reply.content.evalue.includes("opsdash_widgets");
    if (missing) this.#say(NO_PACKAGE);
  }

  /** JupyterLab starts a kernel that died again, empty: draw the panel anew in it. */
  #onStatus(_: unknown, status: string): void {
    if (status === "autorestarting" || status === "restarting") {
      this.#restarted = true;
    } else if (status === "idle" && this.#restarted) {
      this.#restarted = false;
      void this.#draw();
    } else if (status === "dead") {
      this.#say(ENDED);
    }
  }

  #say(sentence: string): void {
    this.#output.model.clear();
    const words = new Widget();
    words.node.textContent = sentence;
    words.node.setAttribute("role", "alert");
    words.addClass("opsdash-panel-words");
    this.addWidget(words);
  }
}

/** What the widget manager asks of a notebook's context, for a panel without one. */
function contextOf(sessionContext: SessionContext): object {
  return {
    sessionContext,
    model: { getMetadata: (): undefined => undefined },
    saveState: new Signal<object, string>({}),
    urlResolver: {
      resolveUrl: (url: string): Promise<string> => Promise.resolve(url),
      getDownloadUrl: (url: string): Promise<string> => Promise.resolve(url),
    },
  };
}

function* none(): Generator<never> {}
