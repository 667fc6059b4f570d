// VS Code itself, as code-server in Chromium: installs the packaged extension, opens a broken file, reads the Problems panel,
// takes a picture.
//   node vscode.js FOLDER_WITH_CODE_SERVER FILE.vsix PICTURE.png
'use strict';

const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { spawn, spawnSync } = require('child_process');

const [installed, vsix, picture] = process.argv.slice(2).map((name) => path.resolve(name));
const { chromium } = require(path.join(installed, 'node_modules/playwright-core'));
const entry = path.join(installed, 'node_modules/code-server/out/node/entry.js');
const patience = 180000;  // milliseconds; ends a test that hangs, nothing waits for it otherwise

const broken = 'machine web {\n    boot = pvh(image: "probe.elf")\n    memroy = 1 GiB\n    serial com1 { }\n}\n';
const message = 'machine web has no field `memroy`';

function freePort() {
    return new Promise((resolve, reject) => {
        const server = net.createServer().on('error', reject).listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

function codeServer(home, args, options) {
    const env = { ...process.env, HOME: home, XDG_DATA_HOME: path.join(home, 'data'), XDG_CONFIG_HOME: path.join(home, 'config') };
    delete env.VSCODE_IPC_HOOK_CLI;
    return options.wait ? spawnSync(process.execPath, [entry, ...args], { env, encoding: 'utf8', timeout: patience })
                        : spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', options.log, options.log] });
}

function installExtension(home) {
    const done = codeServer(home, ['--install-extension', vsix], { wait: true });
    if (done.status !== 0) throw new Error(`the extension does not install: ${done.stdout}${done.stderr}`);
    console.log('ok: installed');
}

// What code-server and the host of extensions have written.
function logs(home) {
    const found = fs.readdirSync(home, { recursive: true }).filter((name) => /(^log|remoteexthost\.log|-Nyx\.log)$/.test(name));
    return found.map((name) => `== ${name}\n${fs.readFileSync(path.join(home, name), 'utf8').slice(-3000)}`).join('\n');
}

async function answers(port) {
    const until = Date.now() + patience;
    for (;;) {
        try {
            const response = await fetch(`http://127.0.0.1:${port}/healthz`);
            if (response.ok) return;
        } catch {
            if (Date.now() > until) throw new Error('code-server does not answer');
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
    }
}

async function problems(page) {
    const panel = page.locator('.markers-panel');
    if (!await panel.isVisible()) await page.keyboard.press('Control+Shift+M');
    await panel.waitFor();
    return panel;
}

async function demand(page) {
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'web.ny' }).first().dblclick();
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    const panel = await problems(page);
    const row = panel.locator('.monaco-list-row', { hasText: message }).first();
    await row.waitFor();
    const text = await panel.innerText();
    if (!text.includes('NY0501') || !text.includes('nyxc')) throw new Error(`the Problems panel says\n${text}`);
    console.log(`ok: the Problems panel says: ${text.replace(/\s+/g, ' ')}`);
    await page.locator('.statusbar-item', { hasText: 'Nyx' }).first().waitFor();
    await page.screenshot({ path: picture });
    console.log(`ok: ${picture}`);
}

async function main() {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'nyx-vscode-'));
    const folder = path.join(home, 'machines');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'web.ny'), broken);
    fs.writeFileSync(path.join(folder, 'probe.elf'), '');
    let server, browser, page;
    try {
        installExtension(home);
        const port = await freePort();
        const log = fs.openSync(path.join(home, 'log'), 'w');
        server = codeServer(home, ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-workspace-trust', '--disable-telemetry',
                                   '--disable-update-check', folder], { log });
        await answers(port);
        browser = await chromium.launch({ executablePath: '/usr/bin/chromium',
                                          args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
        page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        page.setDefaultTimeout(patience);
        await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`);
        await demand(page);
        console.log('VS Code: all passed');
    } catch (error) {
        if (page) await page.screenshot({ path: picture }).catch(() => {});
        console.error(`FAILED: ${error.stack}\nsee ${picture}\n${logs(home)}`);
        process.exitCode = 1;
    } finally {
        if (browser) await browser.close();
        if (server) {
            server.kill();
            await new Promise((resolve) => server.on('exit', resolve));
        }
        fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
}

main();
