using System.Runtime.InteropServices;

namespace EdgeGateway.Rules.Sql;

/// <summary>A value of rule SQL; the default is Undefined. Scalars other than strings need no allocation.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SqlValue
{
    private readonly object? _reference;
    private readonly long _bits;
    private readonly short _exponent;

    private SqlValue(SqlKind kind, object? reference, long bits, short exponent = 0) =>
        (Kind, _reference, _bits, _exponent) = (kind, reference, bits, exponent);

    public static SqlValue Undefined => default;

    public static SqlValue Null => new(SqlKind.Null, null, 0);

    public static SqlValue True => new(SqlKind.Boolean, null, 1);

    public static SqlValue False => new(SqlKind.Boolean, null, 0);

    public SqlKind Kind { get; }

    public bool IsUndefined => Kind == SqlKind.Undefined;

    public bool IsNumber => Kind is SqlKind.Int or SqlKind.Decimal;

    public bool IsTrue => Kind == SqlKind.Boolean && _bits != 0;

    public bool AsBoolean => _bits != 0;

    public SqlNumber AsNumber => new(_reference, _bits, _exponent);

    public string AsString => (string)_reference!;

    public SqlArray AsArray => (SqlArray)_reference!;

    public SqlObject AsObject => (SqlObject)_reference!;

    /// <summary>About the bytes of its JSON.</summary>
    public long Weight => Kind switch
    {
        SqlKind.String => AsString.Length + 3,
        SqlKind.Array => AsArray.Weight,
        SqlKind.Object => AsObject.Weight,
        _ => 5,
    };

    public static implicit operator SqlValue(bool value) => value ? True : False;

    public static implicit operator SqlValue(long value) => new(SqlKind.Int, null, value);

    public static implicit operator SqlValue(string? value) => value is null ? default : new(SqlKind.String, value, 0);

    public static implicit operator SqlValue(SqlObject value) => new(SqlKind.Object, value, 0);

    public static SqlValue Array(List<SqlValue> items) => new(SqlKind.Array, new SqlArray(items), 0);

    /// <summary>A whole number; where it has more than 34 digits, and so is no Int, a Decimal.</summary>
    public static SqlValue Int(SqlNumber number) => new(number.IsInt ? SqlKind.Int : SqlKind.Decimal, number.Big, number.Small, number.Exponent);

    /// <summary>A Decimal, which 2016-03-23 turns into an Int where it has no fractional part (AWS guide: SQL data types); Undefined for null.</summary>
    public static SqlValue Decimal(SqlNumber? result, SqlVersion version) => result is not { } number
        ? default
        : new(number.IsInt && version != SqlVersion.V20151008 ? SqlKind.Int : SqlKind.Decimal, number.Big, number.Small, number.Exponent);

    /// <summary>Undefined for NaN and infinities.</summary>
    public static SqlValue Double(double value, SqlVersion version) =>
        SqlNumber.TryFromDouble(value, out var number) ? Decimal(number, version) : default;

    /// <summary>The operator `=` for two values that are not Undefined: no conversion, numbers by value, Objects in any order (AWS guide: SQL operators).</summary>
    public bool IsSame(SqlValue other)
    {
        if (IsNumber && other.IsNumber)
            return AsNumber.Equals(other.AsNumber);
        if (Kind != other.Kind)
            return false;
        return Kind switch
        {
            SqlKind.Boolean => _bits == other._bits,
            SqlKind.String => AsString == other.AsString,
            SqlKind.Array => HasSameItems(AsArray, other.AsArray),
            SqlKind.Object => AsObject.IsEqualTo(other.AsObject),
            _ => true,
        };
    }

    public override string ToString() => Kind == SqlKind.Undefined ? "Undefined" : SqlJson.ToText(this);

    private static bool HasSameItems(SqlArray a, SqlArray b)
    {
        if (a.Count != b.Count)
            return false;
        for (var i = 0; i < a.Count; i++)
        {
            if (!a[i].IsSame(b[i]))
                return false;
        }
        return true;
    }
}
