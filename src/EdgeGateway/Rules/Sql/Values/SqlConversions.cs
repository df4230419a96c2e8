using System.Buffers.Text;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>Implicit conversions and cast (AWS guide: SQL data types). Nothing converts to Array, Object, Null or Undefined.</summary>
internal static class SqlConversions
{
    /// <summary>Int, Decimal or numeric String.</summary>
    public static bool TryNumber(this SqlValue value, out SqlNumber number)
    {
        if (value.IsNumber)
        {
            number = value.AsNumber;
            return true;
        }
        number = default;
        return value.Kind == SqlKind.String && TryNumber(value.AsString, out number);
    }

    /// <summary>Boolean, or a String reading true or false in any case.</summary>
    public static bool TryBoolean(this SqlValue value, out bool result)
    {
        result = value.IsTrue;
        if (value.Kind == SqlKind.Boolean)
            return true;
        if (value.Kind != SqlKind.String)
            return false;
        result = value.AsString.Equals("true", StringComparison.OrdinalIgnoreCase);
        return result || value.AsString.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Null where there is no String form: Null and Undefined.</summary>
    public static string? ToStringOrNull(this SqlValue value) => value.Kind switch
    {
        SqlKind.String => value.AsString,
        SqlKind.Int => value.AsNumber.ToString(),
        SqlKind.Decimal => DecimalText(value.AsNumber),
        SqlKind.Boolean => value.AsBoolean ? "true" : "false",
        SqlKind.Array or SqlKind.Object => SqlJson.ToText(value),
        _ => null,
    };

    public static string DecimalText(SqlNumber number) => number.IsInt ? number + ".0" : number.ToString();

    public static SqlValue ToBooleanByCast(SqlValue value)
    {
        if (value.IsNumber)
            return !value.AsNumber.IsZero;
        return value.TryBoolean(out var result) ? result : SqlValue.Undefined;
    }

    public static SqlValue ToIntByCast(SqlValue value)
    {
        if (value.Kind == SqlKind.Boolean)
            return value.AsBoolean ? 1 : 0;
        return value.TryNumber(out var number) ? SqlValue.Int(number.Floor()) : SqlValue.Undefined;
    }

    public static SqlValue ToDecimalByCast(SqlValue value, SqlVersion version)
    {
        if (value.Kind == SqlKind.Boolean)
            return SqlValue.Decimal(new SqlNumber(value.AsBoolean ? 1 : 0), version);
        return value.TryNumber(out var number) ? SqlValue.Decimal(number, version) : SqlValue.Undefined;
    }

    // Pattern N: ^-?\d+(\.\d+)?([eE]-?\d+)?$
    private static bool TryNumber(string text, out SqlNumber number)
    {
        number = default;
        if (text.Length is 0 or > 4096 || !IsNumeric(text))
            return false;
        Span<byte> utf8 = text.Length <= 128 ? stackalloc byte[128] : new byte[text.Length];
        var length = Encoding.ASCII.GetBytes(text, utf8);
        return SqlNumber.TryParse(utf8[..length], out number);
    }

    private static bool IsNumeric(ReadOnlySpan<char> text)
    {
        if (text[0] == '-')
            text = text[1..];
        if (!SkipDigits(ref text))
            return false;
        if (text.Length > 0 && text[0] == '.')
        {
            text = text[1..];
            if (!SkipDigits(ref text))
                return false;
        }
        if (text.Length == 0)
            return true;
        if (text[0] is not ('e' or 'E'))
            return false;
        text = text[1..];
        if (text.Length > 0 && text[0] == '-')
            text = text[1..];
        return SkipDigits(ref text) && text.Length == 0;
    }

    private static bool SkipDigits(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        if (end < 0)
            end = text.Length;
        text = text[end..];
        return end > 0;
    }
}
