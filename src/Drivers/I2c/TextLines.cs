using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>The lines of text a display is to show, as states <c>line1</c> and so on.</summary>
internal sealed class TextLines(int rows, int columns)
{
    private readonly string[] _lines = [.. Enumerable.Repeat("", rows)];

    public int Rows => rows;

    public int Columns => columns;

    public string this[int row] => _lines[row];

    public static IEnumerable<StateDescriptor> States(int rows, string description) =>
        Enumerable.Range(1, rows).Select(row => StateDescriptor.Words($"line{row}", $"{description}, row {row}"));

    /// <returns>The row of a state's name; null where it is none.</returns>
    public int? Row(string name) =>
        name.StartsWith("line", StringComparison.Ordinal) && int.TryParse(name.AsSpan(4), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var row) && row >= 1 && row <= rows
            ? row - 1
            : null;

    public void Set(int row, string text) => _lines[row] = text.Length > columns ? text[..columns] : text;

    public void Clear() => Array.Fill(_lines, "");

    public ImmutableArray<NamedState> Blank => [.. Enumerable.Range(1, rows).Select(row => new NamedState($"line{row}", ""))];
}
