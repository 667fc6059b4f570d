// What the compiler prints about a machine: stages as text beside the source, the topology as a picture.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { execFile } = require('child_process');
const vscode = require('vscode');
const programs = require('./programs');

const scheme = 'nyx-stage';
const usageStatus = 2;  // docs/cli.md: wrong usage, here a stage that this nyxc does not have

function nyxc(context, args, cwd) {
    return new Promise((resolve, reject) => {
        let program;
        try {
            program = programs.compiler(context);
        } catch (error) {
            return reject(error);
        }
        execFile(program, args, { cwd, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
            if (error && typeof error.code !== 'number') return reject(error);
            resolve({ status: error ? error.code : 0, stdout, stderr });
        });
    });
}

// The texts of stages, by their address; asked again when the source is saved.
class Stages {
    constructor(context) {
        this.context = context;
        this.changed = new vscode.EventEmitter();
        this.onDidChange = this.changed.event;
        this.shown = new Set();
    }

    async provideTextDocumentContent(uri) {
        const { stage, file, more } = JSON.parse(uri.query);
        const done = await nyxc(this.context, ['emit', stage, file, ...more], path.dirname(file));
        return done.status === 0 ? done.stdout : done.stderr || `nyxc emit ${stage} ended with ${done.status}`;
    }

    async show(stage, file, language, more = []) {
        const query = JSON.stringify({ stage, file, more });
        const uri = vscode.Uri.from({ scheme, path: `/${path.basename(file, '.ny')}.${stage}`, query });
        this.shown.add(uri.toString());
        this.changed.fire(uri);
        const document = await vscode.workspace.openTextDocument(uri);
        await vscode.languages.setTextDocumentLanguage(document, language);
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    }

    saved(document) {
        for (const text of this.shown) {
            const uri = vscode.Uri.parse(text);
            if (JSON.parse(uri.query).file === document.fileName) this.changed.fire(uri);
        }
    }
}

function page(title, svg) {
    const escaped = title.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
    // As a data address the picture cannot run anything, whatever is in it.
    const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
    return `<!DOCTYPE html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped}</title><style>body { background: white; margin: 0; } img { max-width: 100%; }</style></head>
<body><img alt="${escaped}" src="${address}"></body></html>`;
}

async function showTopology(context, file, more) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nyx-'));
    try {
        const picture = path.join(folder, 'topology.svg');
        const done = await nyxc(context, ['emit', 'graph', file, ...more, '-o', picture], path.dirname(file));
        if (done.status === usageStatus) throw new Error('this nyxc draws no topology (`nyxc emit graph`); use a newer one');
        if (done.status !== 0) throw new Error(done.stderr.split('\n')[0] || `nyxc ended with ${done.status}`);
        const title = `Topology of ${path.basename(file)}`;
        const panel = vscode.window.createWebviewPanel('nyx.topology', title, vscode.ViewColumn.Beside, {});
        panel.webview.html = page(title, fs.readFileSync(picture));
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

async function explain(context, code) {
    const wanted = code || await vscode.window.showInputBox({ prompt: 'Code of the diagnostic', placeHolder: 'NY0412' });
    if (!wanted) return;
    const done = await nyxc(context, ['explain', wanted]);
    if (done.status !== 0) throw new Error(done.stderr.split('\n')[0]);
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: done.stdout });
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
}

module.exports = { Stages, explain, scheme, showTopology };
