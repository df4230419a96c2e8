namespace EdgeGateway.Identity.Policies;

/// <summary>A pattern with its variables filled in: Unicode scalar values and wildcards.</summary>
/// <param name="elements">A scalar value each, or <see cref="AnyRun"/> or <see cref="AnyOne"/>.</param>
internal sealed class BoundPattern(int[] elements)
{
    public const int AnyRun = -1;
    public const int AnyOne = -2;

    public ReadOnlySpan<int> Elements => elements;

    /// <summary>The plain matcher, the reference for <see cref="TopicGlob"/>: the rows of the textbook table, one per element.</summary>
    public bool Matches(string text, bool ignoreCase = false)
    {
        var characters = text.EnumerateRunes().Select(rune => Fold(rune.Value, ignoreCase)).ToArray();
        var reach = new bool[characters.Length + 1];                 // reach[n]: the elements so far match the first n characters
        reach[0] = true;
        foreach (var element in elements)
        {
            var next = new bool[characters.Length + 1];
            for (var n = 0; n <= characters.Length; n++)
            {
                next[n] = element == AnyRun
                    ? reach[n] || (n > 0 && next[n - 1])
                    : n > 0 && reach[n - 1] && (element == AnyOne || Fold(element, ignoreCase) == characters[n - 1]);
            }
            reach = next;
        }
        return reach[^1];
    }

    /// <summary>What is left of the pattern to match after <paramref name="prefix"/>: the text matches when any of the rests does.</summary>
    /// <remarks>Several, where a <c>*</c> may end inside the prefix or reach beyond it: <c>*topic/a</c> after <c>…:topic/</c> leaves <c>*topic/a</c> and <c>a</c>.</remarks>
    public IEnumerable<int[]> After(string prefix)
    {
        if (PlainFront(prefix) is { } plain)
            return plain < 0 ? [] : [elements[plain..]];
        return AfterAny(prefix);
    }

    // The usual pattern spells the front out.
    /// <returns>Elements used up; -1: it does not match; null: a wildcard stands in the front.</returns>
    private int? PlainFront(string prefix)
    {
        var n = 0;
        foreach (var rune in prefix.EnumerateRunes())
        {
            if (n < elements.Length && elements[n] == AnyRun)
                return null;
            if (n == elements.Length || (elements[n] != AnyOne && elements[n] != rune.Value))
                return -1;
            n++;
        }
        return n;
    }

    private IEnumerable<int[]> AfterAny(string prefix)
    {
        var reach = Close([true, .. new bool[elements.Length]]);     // reach[n]: n elements used up
        foreach (var rune in prefix.EnumerateRunes())
        {
            var next = new bool[elements.Length + 1];
            for (var n = 0; n < elements.Length; n++)
            {
                if (!reach[n])
                    continue;
                if (elements[n] == AnyRun)
                    next[n] = true;
                else if (elements[n] == AnyOne || elements[n] == rune.Value)
                    next[n + 1] = true;
            }
            reach = Close(next);
        }
        for (var n = 0; n <= elements.Length; n++)
        {
            var coveredByStarBefore = n > 0 && elements[n - 1] == AnyRun && reach[n - 1];
            if (reach[n] && !coveredByStarBefore)
                yield return elements[n..];
        }
    }

    private bool[] Close(bool[] reach)
    {
        for (var n = 0; n < elements.Length; n++)
            reach[n + 1] |= reach[n] && elements[n] == AnyRun;
        return reach;
    }

    private static int Fold(int scalar, bool ignoreCase) => ignoreCase && scalar is >= 'A' and <= 'Z' ? scalar + 32 : scalar;
}
