namespace EdgeGateway.Cli.Doctor;

/// <summary>How a finding is meant.</summary>
internal enum Verdict
{
    Good,

    /// <summary>Fine unless the missing thing is wanted.</summary>
    Note,

    /// <summary>Will make the gateway or a part of it fail.</summary>
    Bad,
}
