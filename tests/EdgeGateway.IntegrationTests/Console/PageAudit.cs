using Microsoft.Playwright;

namespace EdgeGateway.IntegrationTests.Pages;

/// <summary>What every page must keep (WCAG 2.2 by clause), asked of the page as the browser has drawn it.</summary>
internal static class PageAudit
{
    private const string Script = """
        () => {
          const faults = [];
          const shown = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0;
          const text = id => document.getElementById(id)?.textContent.trim() ?? '';
          const name = e => (e.getAttribute('aria-label') ?? '').trim()
            || (e.getAttribute('aria-labelledby') ?? '').split(' ').map(text).join(' ').trim()
            || [...(e.labels ?? [])].map(l => l.textContent.trim()).join(' ').trim()
            || (['A', 'BUTTON', 'SUMMARY'].includes(e.tagName) ? e.textContent.trim() : '');
          const say = (clause, e) => faults.push(clause + ': ' + e.outerHTML.slice(0, 160));
          for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=img]'))
            if (e.type !== 'hidden' && !e.closest('[aria-hidden=true]') && shown(e) && !name(e)) say('4.1.2 no name', e);
          for (const e of document.querySelectorAll('svg'))
            if (!e.closest('[aria-hidden=true]') && e.getAttribute('role') !== 'img') say('1.1.1 picture without text', e);
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => faults.push('duplicate id: ' + id));
          if (document.querySelectorAll('h1').length !== 1) faults.push('1.3.1 not one h1');
          if (!document.querySelector('main') || !document.documentElement.lang || !document.title) faults.push('2.4.2/3.1.1 main, lang or title');
          let level = 1;
          for (const h of document.querySelectorAll('h1, h2, h3, h4')) {
            const next = +h.tagName[1];
            if (next > level + 1) say('1.3.1 heading level skipped', h);
            level = next;
          }
          if (document.documentElement.scrollWidth > window.innerWidth) faults.push('1.4.10 scrolls sideways: ' + document.documentElement.scrollWidth);
          const parse = c => { const m = c.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0]; return m.length < 4 ? [...m, 1] : m; };
          const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
          const light = c => { const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = e => { const layers = []; for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor)); return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]); };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const seen = new Set();
          while (walker.nextNode()) {
            const e = walker.currentNode.parentElement;
            if (!walker.currentNode.textContent.trim() || seen.has(e) || !shown(e) || e.closest('[disabled], [aria-disabled=true], .visually-hidden, .skip, script, style')) continue;
            seen.add(e);
            const style = getComputedStyle(e), under = ground(e), a = light(over(parse(style.color), under)), b = light(under);
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && +style.fontWeight >= 700);
            if (ratio < (large ? 3 : 4.5)) say('1.4.3 contrast ' + ratio.toFixed(2), e);
          }
          return faults;
        }
        """;

    public static async Task<string[]> FaultsAsync(IPage page) => await page.EvaluateAsync<string[]>(Script);
}
