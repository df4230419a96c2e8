namespace EdgeGateway.Rules.Sql;

/// <summary>The operators on values (AWS guide: SQL operators).</summary>
internal static class SqlOperators
{
    public static SqlValue And(SqlValue left, SqlValue right)
    {
        var leftGood = left.TryBoolean(out var a);
        var rightGood = right.TryBoolean(out var b);
        if ((leftGood && !a) || (rightGood && !b))
            return false;
        return leftGood && rightGood ? true : SqlValue.Undefined;
    }

    public static SqlValue Or(SqlValue left, SqlValue right)
    {
        var leftGood = left.TryBoolean(out var a);
        var rightGood = right.TryBoolean(out var b);
        if ((leftGood && a) || (rightGood && b))
            return true;
        return leftGood && rightGood ? false : SqlValue.Undefined;
    }

    public static SqlValue Not(SqlValue operand) => operand.TryBoolean(out var value) ? !value : SqlValue.Undefined;

    public static SqlValue Equal(SqlValue left, SqlValue right) =>
        left.IsUndefined || right.IsUndefined ? SqlValue.Undefined : left.IsSame(right);

    public static SqlValue NotEqual(SqlValue left, SqlValue right) =>
        left.IsUndefined || right.IsUndefined ? SqlValue.Undefined : !left.IsSame(right);

    public static int? Compare(SqlValue left, SqlValue right) =>
        left.TryNumber(out var a) && right.TryNumber(out var b) ? a.CompareTo(b) : null;

    public static SqlValue In(SqlValue value, SqlValue list)
    {
        if (list.Kind != SqlKind.Array || value.IsUndefined)
            return SqlValue.Undefined;
        foreach (var item in list.AsArray)
        {
            if (!item.IsUndefined && value.IsSame(item))
                return true;
        }
        return false;
    }

    public static SqlValue Add(SqlValue left, SqlValue right, SqlVersion version)
    {
        if (left.IsNumber && right.IsNumber)
            return Number(SqlNumber.Add(left.AsNumber, right.AsNumber), left, right, version);
        if (left.Kind != SqlKind.String && right.Kind != SqlKind.String)
            return SqlValue.Undefined;
        return left.ToStringOrNull() is { } a && right.ToStringOrNull() is { } b ? a + b : SqlValue.Undefined;
    }

    /// <param name="truncate">Int by Int with a remainder: cut it off rather than give a Decimal (AWS does not say).</param>
    public static SqlValue Divide(SqlValue left, SqlValue right, SqlVersion version, bool truncate)
    {
        if (!left.TryNumber(out var a) || !right.TryNumber(out var b))
            return SqlValue.Undefined;
        var quotient = SqlNumber.Divide(a, b);
        if (quotient is { } value && left.Kind == SqlKind.Int && right.Kind == SqlKind.Int && (value.IsInt || truncate))
            return SqlValue.Int(value.Truncate());
        return SqlValue.Decimal(quotient, version);
    }

    public static SqlValue Arithmetic(Func<SqlNumber, SqlNumber, SqlNumber?> operation, SqlValue left, SqlValue right, SqlVersion version) =>
        left.TryNumber(out var a) && right.TryNumber(out var b) ? Number(operation(a, b), left, right, version) : SqlValue.Undefined;

    public static SqlValue Negate(SqlValue operand, SqlVersion version)
    {
        if (!operand.TryNumber(out var number))
            return SqlValue.Undefined;
        return operand.Kind == SqlKind.Int ? SqlValue.Int(number.Negate()) : SqlValue.Decimal(number.Negate(), version);
    }

    private static SqlValue Number(SqlNumber? result, SqlValue left, SqlValue right, SqlVersion version) =>
        result is { } number && left.Kind == SqlKind.Int && right.Kind == SqlKind.Int ? SqlValue.Int(number) : SqlValue.Decimal(result, version);
}
