using MudBlazor;

namespace EdgeGateway.Pages.Layout;

/// <summary>
/// The component library's colours and fonts, the same as <c>console.css</c> uses: system fonts, because nothing may come from
/// another host, and text of at least 4.5:1 on its ground in both schemes (WCAG 2.2, 1.4.3).
/// </summary>
internal static class ConsoleTheme
{
    private static readonly string[] SystemFonts = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "DejaVu Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b6e66",
            Secondary = "#4b5a68",
            Success = "#15743c",
            Warning = "#8a5a00",
            Error = "#b3261e",
            Info = "#1f5fa8",
            Background = "#f4f6f8",
            Surface = "#ffffff",
            TextPrimary = "#17212b",
            TextSecondary = "#4b5a68",
            LinesInputs = "#7b8896",
            LinesDefault = "#dbe1e7",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#4fd1c1",
            PrimaryContrastText = "#06231f",
            Secondary = "#a9b7c4",
            Success = "#5fd38d",
            Warning = "#f0b849",
            Error = "#ff8a80",
            Info = "#7fb7f5",
            Background = "#0e1419",
            Surface = "#161e26",
            TextPrimary = "#e6edf3",
            TextSecondary = "#a9b7c4",
            LinesInputs = "#6b7a88",
            LinesDefault = "#2a3540",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = SystemFonts },
            Button = new ButtonTypography { FontFamily = SystemFonts, TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px" },
    };
}
