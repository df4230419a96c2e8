using System.Text;
using EdgeGateway.Search.Fields;

namespace EdgeGateway.Search.Query;

/// <summary>What one value of a field must be. Text is compared without regard to case, numbers as numbers.</summary>
internal abstract record QueryTest
{
    /// <summary>Looks at the reader's current value.</summary>
    public abstract bool Holds(in FieldReader value);

    /// <summary>There is one.</summary>
    public sealed record Present : QueryTest
    {
        public override bool Holds(in FieldReader value) => true;

        public override string ToString() => "*";
    }

    /// <summary>The same number where both are numbers, else the same text.</summary>
    public sealed record Equal(string Text) : QueryTest
    {
        private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(Text);
        private readonly double? _number = FieldWriter.TryNumber(Encoding.UTF8.GetBytes(Text), out var number) ? number : null;

        public bool Equals(Equal? other) => other is not null && Text == other.Text;

        public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

        public override bool Holds(in FieldReader value) =>
            (value.IsNumber && _number is { } number && value.Number == number) || (value.IsText && FieldText.Same(value.Text, _utf8));

        public override string ToString() => $"\"{Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A text with <c>*</c> for any run of characters and <c>?</c> for one.</summary>
    /// <param name="Pieces">In their order; <see cref="Piece.AnyRun"/> and <see cref="Piece.AnyOne"/> among characters.</param>
    public sealed record Pattern(IReadOnlyList<Piece> Pieces) : QueryTest
    {
        public bool Equals(Pattern? other) => other is not null && Pieces.SequenceEqual(other.Pieces);

        public override int GetHashCode() => Pieces.Count;

        public override bool Holds(in FieldReader value)
        {
            if (!value.IsText)
                return FieldText.Matches(QueryNode.Number(value.Number), Pieces);
            var text = value.Text.Length <= 256 ? stackalloc char[256] : new char[value.Text.Length];
            return FieldText.Matches(text[..Encoding.UTF8.GetChars(value.Text, text)], Pieces);
        }

        public override string ToString() => string.Concat(Pieces.Select(static piece =>
            piece == Piece.AnyRun ? "*" : piece == Piece.AnyOne ? "?" : QueryNode.Escape($"{piece.Character}")));
    }

    public sealed record Compare(Comparison How, double Number) : QueryTest
    {
        public override bool Holds(in FieldReader value) => value.IsNumber && How switch
        {
            Comparison.Less => value.Number < Number,
            Comparison.LessOrEqual => value.Number <= Number,
            Comparison.Greater => value.Number > Number,
            _ => value.Number >= Number,
        };

        public override string ToString() => How switch
        {
            Comparison.Less => "< ",
            Comparison.LessOrEqual => "<= ",
            Comparison.Greater => "> ",
            _ => ">= ",
        } + QueryNode.Number(Number);
    }

    /// <summary>Between two bounds: numbers where the bounds are numbers, else text in the order of its characters.</summary>
    /// <param name="Low">Null: open.</param>
    /// <param name="High">Null: open.</param>
    public sealed record Range(string? Low, bool LowBelongs, string? High, bool HighBelongs) : QueryTest
    {
        private readonly double? _lowNumber = Number(Low), _highNumber = Number(High);

        public bool Equals(Range? other) =>
            other is not null && Low == other.Low && High == other.High && LowBelongs == other.LowBelongs && HighBelongs == other.HighBelongs;

        public override int GetHashCode() => HashCode.Combine(Low, High, LowBelongs, HighBelongs);

        public override bool Holds(in FieldReader value)
        {
            if (value.IsNumber && (Low is null || _lowNumber is not null) && (High is null || _highNumber is not null))
                return IsAbove(value.Number.CompareTo(_lowNumber ?? 0), Low, LowBelongs) && IsAbove(-value.Number.CompareTo(_highNumber ?? 0), High, HighBelongs);
            if (!value.IsText)
                return false;
            var text = Encoding.UTF8.GetString(value.Text);
            return IsAbove(FieldText.Compare(text, Low), Low, LowBelongs) && IsAbove(-FieldText.Compare(text, High), High, HighBelongs);
        }

        public override string ToString() => $"{(LowBelongs ? '[' : '{')}{Bound(Low)} TO {Bound(High)}{(HighBelongs ? ']' : '}')}";

        private static bool IsAbove(int order, string? bound, bool belongs) => bound is null || (belongs ? order >= 0 : order > 0);

        private static double? Number(string? bound) => bound is not null && FieldWriter.TryNumber(Encoding.UTF8.GetBytes(bound), out var number) ? number : null;

        private static string Bound(string? bound) => bound is null ? "*" : new Equal(bound).ToString();
    }
}
