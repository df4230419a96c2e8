using System.Reflection;
using System.Reflection.Emit;

namespace EdgeGateway.Tests.Architecture;

/// <summary>Every type that a type names: in its shape, its signatures, and the instructions of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (int)(ushort)code.Value);

    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        foreach (var contract in type.GetInterfaces())
            Add(found, contract);
        foreach (var field in type.GetFields(All))
            Add(found, field.FieldType);
        foreach (var property in type.GetProperties(All))
            Add(found, property.PropertyType);
        foreach (var method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            AddSignature(found, method);
            AddBody(found, type, method);
        }
        return found;
    }

    /// <summary>The types that the public face of a type speaks of, without looking into its methods.</summary>
    public static HashSet<Type> OfSignatures(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        foreach (var contract in type.GetInterfaces())
            Add(found, contract);
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var method in type.GetMethods(Public).Concat<MethodBase>(type.GetConstructors(Public)))
            AddSignature(found, method);
        foreach (var nested in type.GetNestedTypes(BindingFlags.Public))
            Add(found, nested);
        return found;
    }

    private static void AddSignature(HashSet<Type> found, MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
            Add(found, parameter.ParameterType);
        if (method is MethodInfo info)
            Add(found, info.ReturnType);
    }

    private static void AddBody(HashSet<Type> found, Type type, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (var local in body.LocalVariables)
            Add(found, local.LocalType);
        foreach (var clause in body.ExceptionHandlingClauses.Where(static clause => clause.Flags == ExceptionHandlingClauseOptions.Clause))
            Add(found, clause.CatchType);
        var typeArguments = type.IsGenericType ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in Tokens(body.GetILAsByteArray() ?? []))
            AddMember(found, method.Module.ResolveMember(token, typeArguments, methodArguments));
    }

    private static void AddMember(HashSet<Type> found, MemberInfo? member)
    {
        if (member is Type type)
            Add(found, type);
        else
            Add(found, member?.DeclaringType);
        if (member is MethodInfo { IsGenericMethod: true } generic)
            foreach (var argument in generic.GetGenericArguments())
                Add(found, argument);
    }

    // ECMA-335 III: an opcode of one byte, or two beginning with 0xFE, then an operand whose length the opcode tells.
    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var i = 0; i < il.Length;)
        {
            var value = il[i] == 0xFE ? 0xFE00 | il[i + 1] : il[i];
            var code = OpCodesByValue[value];
            i += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(il, i);
                    i += 4;
                    break;
                case OperandType.InlineSwitch:
                    i += 4 + (4 * BitConverter.ToInt32(il, i));
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    i += 8;
                    break;
                case OperandType.InlineVar:
                    i += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    i += 1;
                    break;
                case OperandType.InlineNone:
                    break;
                default: // InlineI, InlineBrTarget, InlineString, InlineSig, ShortInlineR
                    i += 4;
                    break;
            }
        }
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        while (type is { HasElementType: true })
            type = type.GetElementType();
        if (type is null || type.IsGenericParameter)
            return;
        if (type.IsConstructedGenericType)
        {
            foreach (var argument in type.GetGenericArguments())
                Add(found, argument);
            type = type.GetGenericTypeDefinition();
        }
        found.Add(type);
    }
}
