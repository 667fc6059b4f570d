// VS Code itself, as code-server in Chromium: installs the packaged extension, opens a broken file, reads the Problems panel,
// runs tests by their lenses and by the command, reads the terminal; takes a picture of each.
//   node vscode.js FOLDER_WITH_CODE_SERVER FILE.vsix FOLDER_FOR_PICTURES
'use strict';

const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { spawn, spawnSync } = require('child_process');

const [installed, vsix, pictures] = process.argv.slice(2).map((name) => path.resolve(name));
const { chromium } = require(path.join(installed, 'node_modules/playwright-core'));
const entry = path.join(installed, 'node_modules/code-server/out/node/entry.js');
const patience = 180000;  // milliseconds; ends a test that hangs, nothing waits for it otherwise

const broken = 'machine web {\n    boot = pvh(image: "probe.elf")\n    memroy = 1 GiB\n    serial com1 { }\n}\n';
const message = 'machine web has no field `memroy`';
const tested = `machine web {
    memory = 64 MiB
    boot = flat(image: "flat.bin", entry: 0x100000)
    serial com1 { }
    test "its address" { expect(com1.base == 0x3f8) }
    test "enough memory" { expect(memory >= 1 GiB, "needs 1 GiB") }
}
`;

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

async function open(page, name) {
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
}

async function take(page, name) {
    const picture = path.join(pictures, name);
    await page.screenshot({ path: picture });
    console.log(`ok: ${picture}`);
}

// The row of the Problems panel with this text, and all of the panel.
async function problem(page, text) {
    const panel = page.locator('.markers-panel');
    if (!await panel.isVisible()) await page.keyboard.press('Control+Shift+M');
    await panel.waitFor();
    await panel.locator('.monaco-list-row', { hasText: text }).first().waitFor();
    return panel.innerText();
}

async function demandProblems(page) {
    await open(page, 'web.ny');
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    const text = await problem(page, message);
    if (!text.includes('NY0501') || !text.includes('nyxc')) throw new Error(`the Problems panel says\n${text}`);
    console.log(`ok: the Problems panel says: ${text.replace(/\s+/g, ' ')}`);
    await page.locator('.statusbar-item', { hasText: 'Nyx' }).first().waitFor();
    await take(page, 'vscode-problems.png');
}

// What the terminal of the last task says, once `last` is in it.
async function terminal(page, last) {
    const rows = page.locator('.terminal-wrapper.active .xterm-rows');
    await rows.filter({ hasText: last }).waitFor();
    return (await rows.innerText()).replace(/\s+/g, ' ');
}

async function demandTest(page, start, expected, absent) {
    await start();
    const said = await terminal(page, expected[expected.length - 1]);
    for (const text of expected) if (!said.includes(text)) throw new Error(`no "${text}" in the terminal: ${said}`);
    if (absent && said.includes(absent)) throw new Error(`"${absent}" was not asked for: ${said}`);
    console.log(`ok: the terminal says: ${said}`);
}

async function demandTests(page) {
    await open(page, 'tested.ny');
    const lenses = page.locator('.codelens-decoration a', { hasText: /^Test$/ });
    await lenses.nth(1).waitFor();
    if (await lenses.count() !== 2) throw new Error(`${await lenses.count()} lenses for two tests`);
    await demandTest(page, () => lenses.nth(0).click(), ['passed web: its address', '1 passed, 0 failed'], 'enough memory');
    await demandTest(page, () => lenses.nth(1).click(), ['failed web: enough memory', 'needs 1 GiB', '0 passed, 1 failed'], 'its address');
    await demandTest(page, async () => {
        await page.keyboard.press('F1');
        await page.keyboard.type('Nyx: Run the tests of this file');
        await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Run the tests of this file' }).first().waitFor();
        await page.keyboard.press('Enter');
    }, ['passed web: its address', 'failed web: enough memory', '1 passed, 1 failed']);
    await take(page, 'vscode-tests.png');
    const text = await problem(page, 'failed web: enough memory');
    if (!text.includes('Ln 6, Col 28')) throw new Error(`the Problems panel says\n${text}`);
    console.log('ok: the failed test is a problem at its place');
}

async function main() {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'nyx-vscode-'));
    const folder = path.join(home, 'machines');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'web.ny'), broken);
    fs.writeFileSync(path.join(folder, 'probe.elf'), '');
    fs.writeFileSync(path.join(folder, 'tested.ny'), tested);
    fs.writeFileSync(path.join(folder, 'flat.bin'), Buffer.alloc(4096, 0xf4));
    // The terminal as text that can be read, and not as a picture.
    const settings = path.join(home, 'data/code-server/User/settings.json');
    fs.mkdirSync(path.dirname(settings), { recursive: true });
    fs.writeFileSync(settings, JSON.stringify({ 'terminal.integrated.gpuAcceleration': 'off' }));
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
        await page.locator('.monaco-workbench').waitFor();
        await demandProblems(page);
        await demandTests(page);
        console.log('VS Code: all passed');
    } catch (error) {
        const picture = path.join(pictures, 'vscode-failed.png');
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
