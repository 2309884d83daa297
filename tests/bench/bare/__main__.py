"""The floor: as many resources as a stack of ours, registered in a bare loop without components."""

import pulumi
import pulumi_gcp as gcp

settings = pulumi.Config("bare")
provider = gcp.Provider("bare", project="nautilus-prod-us", region="us-west1")
for number in range(settings.require_int("count")):
    gcp.projects.IAMMember(
        f"member-{number}",
        project="nautilus-prod-us",
        role="roles/viewer",
        member=f"serviceAccount:bare-{number}@nautilus-prod-us.iam.gserviceaccount.com",
        opts=pulumi.ResourceOptions(provider=provider),
    )
