"""Clouds and platforms that Escher does not act on, as people name them."""

from __future__ import annotations

from escher_server.agents.understanding.lexicon.phrases import Phrases

ELSEWHERE: Phrases[str] = Phrases(
    (phrase, name)
    for name, phrases in (
        ("Heroku", "heroku|dyno|dynos"),
        ("DigitalOcean", "digitalocean|digital ocean|droplet|droplets"),
        ("Linode", "linode|linodes|akamai"),
        ("Oracle Cloud", "oracle cloud|oci|oci compute"),
        ("Alibaba Cloud", "alibaba cloud|alibaba|aliyun"),
        ("IBM Cloud", "ibm cloud|softlayer|bluemix"),
        ("Vercel", "vercel"),
        ("Netlify", "netlify"),
        ("Cloudflare", "cloudflare"),
        ("Snowflake", "snowflake"),
        ("MongoDB Atlas", "mongodb atlas|atlas cluster"),
        ("Hetzner", "hetzner"),
        ("OVHcloud", "ovh|ovhcloud"),
        ("Scaleway", "scaleway"),
        ("VMware", "vmware|vsphere|vcenter|esxi"),
        ("OpenStack", "openstack"),
        ("Proxmox", "proxmox"),
        ("Fly.io", "fly.io"),
        ("Salesforce", "salesforce"),
    )
    for phrase in phrases.split("|")
)


def elsewhere(words: list[str]) -> str:
    """The first platform in the words that is none of the three clouds; empty when there is none."""
    found = (ELSEWHERE.match(words, at) for at in range(len(words)))
    return next((match[1] for match in found if match), "")
