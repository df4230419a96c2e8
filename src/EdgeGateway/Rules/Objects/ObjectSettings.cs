using EdgeGateway.Rules.Actions;

namespace EdgeGateway.Rules.Objects;

/// <summary>How objects are written; members of the gateway's own beside AWS's.</summary>
/// <param name="Appends">`mode: append`: each payload a line, else the object is replaced.</param>
/// <param name="RotateBytes">An appended object of this size is set aside and begun anew; 0: never.</param>
/// <param name="RotateAfter">So is one that was begun this long ago; zero: never.</param>
/// <param name="IsCompressed">What is set aside is compressed (gzip).</param>
/// <param name="MaxAge">Objects of the bucket older than that are removed; zero: none.</param>
/// <param name="MaxBytes">The oldest objects of the bucket go when it holds more; 0: none.</param>
internal sealed record ObjectSettings(bool Appends, long RotateBytes, TimeSpan RotateAfter, bool IsCompressed, TimeSpan MaxAge, long MaxBytes)
{
    public static ObjectSettings Read(ActionParameters parameters, ObjectSettings ifAbsent)
    {
        var mode = parameters.Text("mode");
        if (mode is not (null or "put" or "append"))
            throw parameters.Invalid("mode", $"is {mode}, expected put or append");
        var read = new ObjectSettings(
            mode is null ? ifAbsent.Appends : mode == "append",
            parameters.Size("rotateBytes", ifAbsent.RotateBytes, atLeast: 1024),
            parameters.Duration("rotateAfter", ifAbsent.RotateAfter, TimeSpan.FromSeconds(1)),
            parameters.Boolean("gzip", ifAbsent.IsCompressed),
            parameters.Duration("maxAge", ifAbsent.MaxAge, TimeSpan.FromSeconds(1)),
            parameters.Size("maxBytes", ifAbsent.MaxBytes, atLeast: 1024));
        return read;
    }
}
