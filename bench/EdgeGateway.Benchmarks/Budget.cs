using System.Text.Json;

namespace EdgeGateway.Benchmarks;

/// <summary>Bytes that one operation of a hot path may allocate, from <c>budgets.json</c>; unlike times, they hardly vary by machine.</summary>
internal static class Budget
{
    public static long BytesOf(string operation)
    {
        using var budgets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "budgets.json")));
        return budgets.RootElement.TryGetProperty(operation, out var bytes)
            ? bytes.GetInt64()
            : throw new KeyNotFoundException($"budgets.json has no '{operation}'");
    }
}
