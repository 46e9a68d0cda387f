// The parts of JupyterLab's and Lumino's interfaces that the plugin uses, written down
// here because their packages are not installed: the build takes the running
// application's own, and the registries of closed networks often lack some of them.
declare module "@lumino/signaling" {
  export interface ISignal<T, U> {
    connect(slot: (sender: T, args: U) => void, context?: unknown): boolean;
  }
  export class Signal<T, U> implements ISignal<T, U> {
    constructor(sender: T);
    static clearData(object: unknown): void;
    connect(slot: (sender: T, args: U) => void, context?: unknown): boolean;
  }
}

declare module "@lumino/widgets" {
  export class Widget {
    id: string;
    readonly node: HTMLElement;
    readonly isDisposed: boolean;
    readonly title: { label: string; closable: boolean; icon: unknown };
    addClass(name: string): void;
    dispose(): void;
  }
  export class Panel extends Widget {
    addWidget(widget: Widget): void;
  }
}

declare module "@jupyterlab/ui-components" {
  export class LabIcon {
    constructor(options: { name: string; svgstr: string });
    readonly name: string;
  }
}

declare module "@jupyterlab/rendermime" {
  export interface IRenderMimeRegistry {
    clone(): IRenderMimeRegistry;
  }
  export const IRenderMimeRegistry: { readonly name: string };
}

declare module "@jupyterlab/apputils" {
  import type { ISignal } from "@lumino/signaling";
  import type { Widget } from "@lumino/widgets";

  export interface ServiceManager {
    readonly sessions: unknown;
    readonly kernelspecs: unknown;
    readonly kernels: unknown;
    readonly ready: Promise<void>;
  }
  export class SessionContext {
    constructor(options: {
      sessionManager: unknown;
      specsManager: unknown;
      kernelManager: unknown;
      path: string;
      name: string;
      type: string;
      kernelPreference: { name: string; shutdownOnDispose: boolean };
    });
    readonly session: { readonly kernel: object | null } | null;
    readonly ready: Promise<void>;
    readonly statusChanged: ISignal<SessionContext, string>;
    initialize(): Promise<boolean>;
    dispose(): void;
  }
  export class MainAreaWidget<T extends Widget = Widget> extends Widget {
    constructor(options: { content: T });
    readonly content: T;
  }
  export class WidgetTracker<T extends Widget = Widget> {
    constructor(options: { namespace: string });
    readonly currentWidget: T | null;
    add(widget: T): Promise<void>;
  }
  export interface ICommandPalette {
    addItem(item: { command: string; category: string }): unknown;
  }
  export const ICommandPalette: { readonly name: string };
}

declare module "@jupyterlab/outputarea" {
  import type { SessionContext } from "@jupyterlab/apputils";
  import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
  import { Widget } from "@lumino/widgets";

  export class OutputAreaModel {
    constructor(options: { trusted: boolean });
    clear(): void;
  }
  export class SimplifiedOutputArea extends Widget {
    constructor(options: { model: OutputAreaModel; rendermime: IRenderMimeRegistry });
    readonly model: OutputAreaModel;
    static execute(
      code: string,
      output: SimplifiedOutputArea,
      session: SessionContext,
    ): Promise<
      | {
          content:
            { status: "ok" } | { status: "error"; ename: string; evalue: string };
        }
      | undefined
    >;
  }
}

declare module "@jupyterlab/launcher" {
  export interface ILauncher {
    add(item: { command: string; category: string; rank: number }): unknown;
  }
  export const ILauncher: { readonly name: string };
}

declare module "@jupyterlab/application" {
  import type { ServiceManager, WidgetTracker } from "@jupyterlab/apputils";
  import type { Widget } from "@lumino/widgets";

  export interface JupyterFrontEnd {
    readonly serviceManager: ServiceManager;
    readonly commands: {
      addCommand(
        id: string,
        options: {
          label: string;
          caption: string;
          icon: unknown;
          execute: () => Promise<void>;
        },
      ): unknown;
    };
    readonly shell: {
      add(widget: Widget, area: string): void;
      activateById(id: string): void;
    };
  }
  export interface JupyterFrontEndPlugin<T> {
    id: string;
    description: string;
    autoStart: boolean;
    requires: unknown[];
    optional: unknown[];
    // Each plugin is handed exactly the services it asks for, in its own order.
    activate: (app: JupyterFrontEnd, ...services: never[]) => T;
  }
  export interface ILayoutRestorer {
    restore<T extends Widget>(
      tracker: WidgetTracker<T>,
      options: { command: string; name: () => string; when: Promise<void> },
    ): Promise<unknown>;
  }
  export const ILayoutRestorer: { readonly name: string };
}

declare module "@jupyter-widgets/jupyterlab-manager" {
  import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";

  export function registerWidgetManager(
    context: object,
    rendermime: IRenderMimeRegistry,
    renderers: Iterator<never>,
  ): { dispose(): void };
}
