using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SchoolHome.Tests.Browser.Screens;

/// <summary>What is wrong with a screen, as far as a machine can tell. Empty lists are good.</summary>
internal static class Findings
{
    // What takes a tap, with the box that a finger can hit: of a field or a switch, the frame around the input.
    private const string SmallTargets = """
        least => [...document.querySelectorAll('a, button, input, select, textarea, [role=button], [role=textbox], [role=switch]')]
          .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden, .skip-link') && !one.disabled)
          .map(one => ({ one, box: (one.closest('.v-field, .v-selection-control') ?? one).getBoundingClientRect() }))
          .filter(({ box }) => box.width < least || box.height < least)
          .map(({ one, box }) => `${one.tagName} "${(one.getAttribute('aria-label') || one.textContent || one.getAttribute('name') || '').trim()}" ${Math.round(box.width)}×${Math.round(box.height)}`)
        """;

    private const string Overflow = """
        () => {
          const page = document.documentElement
          // What a box around it hides or lets scroll does not widen the page.
          const isHeld = one => {
            for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
              if (getComputedStyle(up).overflowX !== 'visible') return true
            }
            return false
          }
          const wide = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} wide in ${page.clientWidth}`] : []
          const out = [...document.querySelectorAll('main *, header *, nav *')]
            .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden, .remote-cursors') && !isHeld(one))
            .filter(one => { const box = one.getBoundingClientRect(); return box.width > 0 && (box.right > page.clientWidth + 1 || box.left < -1) })
            .map(one => `${one.tagName}.${one.className} "${one.textContent.trim().slice(0, 20)}" ends at ${Math.round(one.getBoundingClientRect().right)} of ${page.clientWidth}`)
          return [...wide, ...out]
        }
        """;

    // Text in a box that hides what does not fit.
    private const string CutText = """
        () => [...document.querySelectorAll('body *')]
          .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden, svg') && one.textContent.trim() !== '')
          .filter(one => {
            const style = getComputedStyle(one)
            const hidesX = ['hidden', 'clip'].includes(style.overflowX), hidesY = ['hidden', 'clip'].includes(style.overflowY)
            return (hidesX && one.scrollWidth > one.clientWidth + 1) || (hidesY && one.scrollHeight > one.clientHeight + 1)
          })
          .map(one => `${one.tagName}.${one.className} "${one.textContent.trim().slice(0, 30)}"`)
        """;

    // Text that reaches beyond its own box, into what stands beside it.
    private const string SpilledText = """
        () => [...document.querySelectorAll('main *, header *, nav *, [role=dialog] *')]
          .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden, svg, .remote-cursors'))
          .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== ''))
          .filter(one => {
            const style = getComputedStyle(one)
            return style.display !== 'inline' && style.overflowX === 'visible' && one.scrollWidth > one.clientWidth + 1
          })
          .map(one => `${one.tagName}.${one.className} "${one.textContent.trim().slice(0, 30)}" is ${one.scrollWidth} wide in ${one.clientWidth}`)
        """;

    /// <summary>What axe calls serious or critical, with where it is.</summary>
    /// <param name="rules">Only these of its rules; all where none is named.</param>
    public static async Task<string[]> OfAxe(IPage page, string screen, params string[] rules)
    {
        var result = await page.RunAxe(rules.Length == 0 ? null : new AxeRunOptions { RunOnly = RunOnlyOptions.Rules(rules) });
        return
        [
            .. result.Violations
                .Where(violation => violation.Impact is "serious" or "critical")
                .SelectMany(violation => violation.Nodes.Select(node => $"{screen}: {violation.Id} ({violation.Impact}) {JsonSerializer.Serialize(node.Html)}")),
        ];
    }

    /// <summary>What sticks out to the side, so that one would have to scroll there.</summary>
    public static async Task<string[]> OfWidth(IPage page, string screen) => Named(screen, await page.EvaluateAsync<string[]>(Overflow));

    /// <summary>What is too small for a finger, in CSS pixels.</summary>
    public static async Task<string[]> OfTargets(IPage page, string screen, int least) => Named(screen, await page.EvaluateAsync<string[]>(SmallTargets, least));

    /// <summary>Text that is cut off.</summary>
    public static async Task<string[]> OfCutText(IPage page, string screen) => Named(screen, await page.EvaluateAsync<string[]>(CutText));

    /// <summary>Text that reaches beyond its box to the side.</summary>
    public static async Task<string[]> OfSpilledText(IPage page, string screen) => Named(screen, await page.EvaluateAsync<string[]>(SpilledText));

    /// <summary>Fails, telling all of them, unless there are none.</summary>
    public static void AreNone(IReadOnlyCollection<string> findings) => Assert.True(findings.Count == 0, string.Join('\n', findings));

    private static string[] Named(string screen, string[] findings) => [.. findings.Select(one => $"{screen}: {one}")];
}
